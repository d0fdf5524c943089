import { fires, gate, locate, notEvaluated, trigger, type Outcome, type RuleContext, type Scan } from '../gate.js';
import { pythonOctal, PERMISSION_BITS, SET_UID_OR_GID } from '../octal.js';
import { defaulted, OCTAL, oneOf, optional, BOOLEAN, REGEX, required, STRING } from '../parameter.js';
import { PathFilter } from '../pathFilter.js';
import type { PatternHit, ScannedFile } from '../../../report/scanned.js';

interface Prepared {
  readonly files: ReadonlyMap<string, ScannedFile>;
  readonly filter: PathFilter;
  /** With the set-user-ID or set-group-ID bit; found when the first rule asks. */
  readonly privileged: () => readonly ScannedFile[];
}

const EQUALITY = oneOf(['equals', 'not_equals']);

const contentRegexMatch = trigger({
  name: 'content_regex_match',
  description: 'Fires for each file and pattern that the content search of the analysis found (analyzer-config: content_search).',
  parameters: {
    regex_name: optional(STRING, { description: 'Only the pattern of this name, text or base64.', example: '.*password.*' }),
  },
  evaluate: (_: Prepared, { regex_name: wanted }, { scan }) => fires(
    scan.image.contents.filter((hit) => wanted === undefined || wanted === '' || isNamed(hit, wanted)).map((hit) => ({
      message: `File content analyzer found regexp match in container: file=${hit.path} regexp=${hit.pattern}`,
      location: locate(scan, hit.path, hit.layer, firstLine(hit)),
    })),
  ),
});

function isNamed(hit: PatternHit, wanted: string): boolean {
  const text = hit.pattern.includes('=') ? hit.pattern.slice(hit.pattern.indexOf('=') + 1) : hit.pattern;
  return [hit.name, text, hit.pattern, Buffer.from(hit.pattern).toString('base64')].includes(wanted);
}

function firstLine(hit: PatternHit): number | undefined {
  return hit.lines[0] === undefined ? undefined : hit.lines[0] + 1;
}

const nameMatch = trigger({
  name: 'name_match',
  description: 'Fires for each path of the image that the regular expression matches, from the start of the absolute path.',
  parameters: {
    regex: required(REGEX, { description: 'Expression for the whole path.', example: '.*\\.pem' }),
  },
  evaluate: ({ filter }: Prepared, { regex }, { scan }) => fires(
    filter.matching(regex, scan.budget).map((path) => ({
      message: `Application of regex matched file found in container: file=${path} regexp=${regex.source}`,
      location: locate(scan, path, scan.image.layerOf(path)),
    })),
  ),
});

const attributeMatch = trigger({
  name: 'attribute_match',
  description: 'Fires if a file has the given checksum, mode or both. Every check that is given has to hold, and one has to be given.',
  parameters: {
    filename: required(STRING, { description: 'Absolute path of the file.', example: '/etc/passwd' }),
    checksum_algorithm: defaulted(oneOf(['sha256']), 'sha256', { description: 'Algorithm of the checksum.', example: 'sha256' }),
    checksum: optional(STRING, { description: 'Checksum to compare with, in hexadecimal.', example: '832cd0f75b227d13aac82b1f70b7f90191a4186c151f9db50851d209c45ede11' }),
    checksum_match: defaulted(EQUALITY, 'equals', { description: 'Whether to fire when the checksum is equal or when it is not.', example: 'equals' }),
    mode: optional(OCTAL, { description: 'Permission bits to compare with.', example: '00644' }),
    mode_op: defaulted(EQUALITY, 'equals', { description: 'Whether to fire when the mode is equal or when it is not.', example: 'not_equals' }),
    mode_max: optional(OCTAL, { description: 'Fires when the file has a permission bit that this mode has not.', example: '0640', extension: true }),
    skip_missing: defaulted(BOOLEAN, 'true', { description: 'With false, fires when the file is not in the image.', example: 'true' }),
  },
  deviations: ['A file whose checksum the report does not hold is reported as not evaluated, where Anchore compares with the empty string.'],
  evaluate: ({ files }: Prepared, values, { scan }) => {
    const file = files.get(values.filename);
    if (file === undefined) {
      return values.skip_missing ? fires([]) : fires([{ message: `filename=${values.filename} and skip_missing=False` }]);
    }
    return matchAttributes(file, values, scan);
  },
});

interface AttributeValues {
  readonly filename: string;
  readonly checksum: string | undefined;
  readonly checksum_match: 'equals' | 'not_equals';
  readonly mode: number | undefined;
  readonly mode_op: 'equals' | 'not_equals';
  readonly mode_max: number | undefined;
}

function matchAttributes(file: ScannedFile, values: AttributeValues, scan: Scan): Outcome {
  const parts: string[] = [];
  if (values.checksum !== undefined && values.checksum !== '') {
    const actual = scan.image.digests.sha256.get(file.path);
    if (actual === undefined) return notEvaluated(`the report holds no sha256 checksum of ${file.path}`);
    if ((actual === values.checksum) !== (values.checksum_match === 'equals')) return fires([]);
    parts.push(`checksum=${actual} op=${values.checksum_match} specified_checksum=${values.checksum}`);
  }
  const mode = file.mode & PERMISSION_BITS;
  if (values.mode !== undefined) {
    if ((mode === values.mode) !== (values.mode_op === 'equals')) return fires([]);
    parts.push(`mode=${pythonOctal(mode)} op=${values.mode_op} specified_mode=${pythonOctal(values.mode)}`);
  }
  if (values.mode_max !== undefined) {
    if ((mode & ~values.mode_max) === 0) return fires([]);
    parts.push(`mode=${pythonOctal(mode)} op=exceeds specified_mode_max=${pythonOctal(values.mode_max)}`);
  }
  if (parts.length === 0) return fires([]);
  const message = [`filename=${values.filename}`, ...parts].join(' and ');
  return fires([{ message, location: locate(scan, file.path, scan.image.layerOf(file.path)) }]);
}

const suidOrGuidSet = trigger({
  name: 'suid_or_guid_set',
  description: 'Fires for each path with the set-user-ID or set-group-ID bit, directories included.',
  parameters: {},
  evaluate: ({ privileged }: Prepared, _: unknown, { scan }: RuleContext) => fires(privileged().map(({ path, mode }) => ({
    message: `SUID or SGID found set on file ${path}. Mode: ${pythonOctal(mode)}`,
    location: locate(scan, path, scan.image.layerOf(path)),
  }))),
});

export const files = gate<Prepared>({
  name: 'files',
  description: 'Names, contents, checksums and modes of the files in the image.',
  prepare: ({ image }) => {
    let privileged: readonly ScannedFile[] | undefined;
    return {
      files: image.files,
      filter: new PathFilter(image.files.keys()),
      privileged: () => (privileged ??= [...image.files.values()].filter(({ mode }) => (mode & SET_UID_OR_GID) !== 0)),
    };
  },
  triggers: [contentRegexMatch, nameMatch, attributeMatch, suidOrGuidSet],
});
