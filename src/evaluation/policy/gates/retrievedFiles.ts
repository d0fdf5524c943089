import { fires, gate, locate, notEvaluated, trigger } from '../gate.js';
import { oneOf, REGEX, required, STRING } from '../parameter.js';
import type { Scan } from '../gate.js';

const PATH = required(STRING, { description: 'Absolute path of a file whose content the analysis keeps (analyzer-config: retrieve_files).', example: '/etc/httpd.conf' });
const NOT_AVAILABLE = { message: 'Cannot locate file in the image analysis' };

export const retrievedFiles = gate<Scan>({
  name: 'retrieved_files',
  description: 'Contents of the files that the analysis keeps.',
  prepare: (scan) => scan,
  triggers: [
    trigger({
      name: 'content_not_available',
      description: 'Fires if the report does not hold the content of the file. The message names no path, so an allow list item for one path is one for all.',
      parameters: { path: PATH },
      evaluate: ({ image: { retrieved } }: Scan, { path }) => fires([
        // As in Anchore: once because nothing was retrieved, and once because this file was not.
        ...(retrieved.size === 0 ? [NOT_AVAILABLE] : []),
        ...(retrieved.has(path) ? [] : [NOT_AVAILABLE]),
      ]),
    }),
    trigger({
      name: 'content_regex',
      description: 'Fires if a line, or a word, of the file matches the regular expression from its start; or, with no_match, if none does.',
      parameters: {
        path: PATH,
        regex: required(REGEX, { description: 'Expression for a line or for a word between white space.', example: '.*SSLEnabled.*' }),
        check: required(oneOf(['match', 'no_match']), { description: 'Whether to fire when something matches or when nothing does.', example: 'match' }),
      },
      deviations: [
        'Anchore tests words between white space alone; here a whole line may match as well, which is what people expect.',
        'A file that is in the image but was not retrieved is reported as not evaluated.',
      ],
      evaluate: ({ image }: Scan, { path, regex, check }, { ruleId, scan }) => {
        const content = image.retrieved.get(path);
        if (content === undefined) {
          return image.files.has(path) ? notEvaluated(`the report does not hold the content of ${path}`) : fires([]);
        }
        const lines = content.toString('utf8').split(/\r?\n/);
        const matching = regex.test(lines, scan.budget).indexOf(true);
        const words = matching >= 0 ? [] : lines.flatMap((line, index) => line.split(/\s+/).filter((word) => word !== '').map((word) => ({ word, index })));
        const wordMatching = regex.test(words.map(({ word }) => word), scan.budget).indexOf(true);
        const line = matching >= 0 ? matching : words[wordMatching]?.index;
        if ((line !== undefined) !== (check === 'match')) return fires([]);
        return fires([{
          id: `${ruleId}+file://${path}`,
          message: `Content regex '${regex.source}' check '${check}' found in retrieved file '${path}'`,
          location: locate(scan, path, image.layerOf(path), line === undefined ? undefined : line + 1),
        }]);
      },
    }),
  ],
});
