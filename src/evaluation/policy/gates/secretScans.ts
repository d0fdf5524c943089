import type { PatternHit } from '../../../report/scanned.js';
import { fires, gate, locate, trigger, type Firing, type Scan } from '../gate.js';
import { defaulted, oneOf, optional, REGEX, STRING } from '../parameter.js';

/** Every place in which a secret was found, with what a reader has to know of the place. */
interface Prepared {
  readonly hits: readonly PatternHit[];
}

const FOUND = 'Secret content search analyzer found regexp match in container';
const NOT_FOUND = 'Secret content search analyzer did not find regexp match in container';

export const secretScans = gate<Prepared>({
  name: 'secret_scans',
  description: 'Secrets that the analysis found: in files, in files that a later layer deleted, and in the configuration of the image. The secret itself is nowhere in the report.',
  prepare: ({ image }) => ({ hits: [...image.secrets, ...image.hiddenSecrets, ...image.configSecrets] }),
  triggers: [
    trigger({
      name: 'content_regex_checks',
      description: 'Fires for each file and pattern found; or, with match_type notfound, once if none was.',
      parameters: {
        content_regex_name: optional(STRING, { description: 'Only patterns with these names, separated by commas.', example: 'AWS_ACCESS_KEY,PRIV_KEY' }),
        filename_regex: optional(REGEX, { description: 'Only files whose path matches.', example: '/etc/.*' }),
        match_type: defaulted(oneOf(['found', 'notfound']), 'found', { description: 'Whether to fire for what is found or when nothing is.', example: 'found' }),
      },
      deviations: [
        'Secrets in files that a later layer deleted or replaced count too, since they are in the image still; so do those in ENV, labels, build arguments and history, whose path is written as config:env:NAME and the like. Anchore sees neither.',
      ],
      evaluate: ({ hits }: Prepared, values, { scan }) => {
        const named = withNames(hits, values.content_regex_name);
        const inFiles = values.filename_regex?.test(named.map((hit) => hit.path), scan.budget);
        const found = named.filter((_, index) => inFiles?.[index] ?? true);
        if (values.match_type === 'found') return fires(found.map((hit) => describe(hit, scan)));
        if (found.length > 0) return fires([]);
        const message = `${NOT_FOUND}: filename_regex=${orElse(values.filename_regex?.source, '*')} content_regex_name=${orElse(values.content_regex_name, 'all')}`;
        return fires([{ message }]);
      },
    }),
  ],
});

/** An exact name of a list; where none is known, any name that is a part of the text, which is how Anchore reads it. */
function withNames(hits: readonly PatternHit[], names: string | undefined): readonly PatternHit[] {
  if (names === undefined || names === '') return hits;
  const list = names.split(',').map((name) => name.trim());
  const exact = hits.filter((hit) => list.includes(hit.name));
  if (exact.length > 0) return exact;
  return hits.filter((hit) => (hit.name !== '' && names.includes(hit.name)) || names.includes(hit.pattern.slice(hit.pattern.indexOf('=') + 1)));
}

function describe(hit: PatternHit, scan: Scan): Firing {
  const line = hit.lines[0] === undefined ? undefined : hit.lines[0] + 1;
  return { message: `${FOUND}: file=${hit.path} regexp=${hit.pattern}`, location: locate(scan, hit.path, hit.layer, line) };
}

function orElse(text: string | undefined, otherwise: string): string {
  return text === undefined || text === '' ? otherwise : text;
}
