import { fires, gate, notEvaluated, trigger, type Scan } from '../gate.js';
import { oneOf, optional, required, STRING } from '../parameter.js';
import { cachedPattern } from '../regex.js';

const ATTRIBUTES = ['size', 'architecture', 'os_type', 'distro', 'distro_version', 'like_distro', 'layer_count'] as const;
/** Ours; `label:NAME` and `env:NAME` besides. */
const EXTENSIONS = ['created_age_days', 'user'] as const;
const CHECKS = ['=', '!=', '>', '<', '>=', '<=', 'exists', 'not_exists', 'like', 'not_like', 'in', 'not_in'] as const;
type Check = (typeof CHECKS)[number];

const NAMES: readonly string[] = [...ATTRIBUTES, ...EXTENSIONS];
const ALLOWED = [...NAMES, 'label:NAME', 'env:NAME'].join(', ');
const ATTRIBUTE = {
  type: `one of ${ALLOWED}`,
  pattern: `^(${NAMES.join('|')}|label:.+|env:.+)$`,
  read: (text: string): string => {
    if (/^(?:label|env):./.test(text) || NAMES.includes(text)) return text;
    throw new Error(`${JSON.stringify(text)} is none of ${ALLOWED}`);
  },
};

const SIZE = /^(\d{1,15})([kmgt]b)?$/i;
const UNITS: Readonly<Record<string, number>> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4 };
const NUMERIC = new Set(['size', 'layer_count', 'created_age_days']);
/** Those of Anchore's that are texts. */
const TEXTS: ReadonlySet<string> = new Set(ATTRIBUTES.filter((name) => !NUMERIC.has(name)));
const DAY = 86_400_000;

const attribute = trigger({
  name: 'attribute',
  description: 'Fires if what the report says of the image passes a check.',
  parameters: {
    attribute: required(ATTRIBUTE, { description: 'What to look at. created_age_days, user, label:NAME and env:NAME are extensions.', example: 'size' }),
    check: required(oneOf(CHECKS), { description: 'How to compare: like is a regular expression, matched from the start; in is a member of a comma-separated list.', example: '>' }),
    value: optional(STRING, { description: 'What to compare with. A size may have a unit (kb, mb, gb, tb; 1kb is 1024 bytes).', example: '1gb' }),
  },
  deviations: [
    'Dotted numbers are ordered as numbers: distro_version 10 is greater than 9, which for Anchore is not so.',
    'exists and not_exists work for size and layer_count, and like for what is not known, where Anchore fails.',
  ],
  check: ({ attribute: name, check, value }) => {
    if (value === undefined || value === '' || check === 'exists' || check === 'not_exists') return undefined;
    if (name === 'size' && !SIZE.test(value)) return `the parameter "value" is no size such as 1073741824 or 500mb: ${JSON.stringify(value)}`;
    if (NUMERIC.has(name) && name !== 'size' && !/^\s*\d+\s*$/.test(value)) return `the parameter "value" is no integer: ${JSON.stringify(value)}`;
    if (check !== 'like' && check !== 'not_like') return undefined;
    try {
      cachedPattern(value);
      return undefined;
    } catch (error) {
      return `the parameter "value" is no regular expression: ${(error as Error).message}`;
    }
  },
  evaluate: (scan: Scan, { attribute: name, check, value }) => {
    if (check !== 'exists' && check !== 'not_exists' && (value === undefined || value === '')) {
      return notEvaluated(`the check ${check} needs a value, and the rule gives none`);
    }
    const actual = read(scan, name);
    if (actual === 'unknown') return notEvaluated(`the report does not say the image's ${name}`);
    const wanted = name === 'size' && value !== undefined ? String(bytes(value)) : NUMERIC.has(name) ? String(Number(value ?? 0)) : value ?? '';
    // For texts Anchore writes the value that is not given as Python does.
    const shown = value !== undefined ? wanted : check === 'exists' && TEXTS.has(name) ? 'None' : '';
    if (!holds(scan, check, actual.value, wanted)) return fires([]);
    const say = (text: string): string => `Attribute check for attribute: '${name}' check: '${check}' check_value: '${shown}' matched image value: '${text}'`;
    const image = actual.value ?? 'None';
    return fires([{ message: say(image), ...(name.startsWith('env:') ? { shown: say('***') } : {}) }]);
  },
});

/** null: the image has none. `unknown`: the report does not say. */
function read({ image, now }: Scan, name: string): { readonly value: string | null } | 'unknown' {
  const known = (text: string): { value: string | null } => ({ value: text === '' ? null : text });
  if (name.startsWith('label:')) return image.config === null ? 'unknown' : { value: own(image.config.labels, name.slice('label:'.length)) };
  if (name.startsWith('env:')) {
    const prefix = `${name.slice('env:'.length)}=`;
    if (image.config === null) return 'unknown';
    return { value: image.config.env.find((variable) => variable.startsWith(prefix))?.slice(prefix.length) ?? null };
  }
  switch (name) {
    case 'size': return { value: String(image.sizeBytes) };
    case 'layer_count': return { value: String(image.layers.filter(({ emptyLayer }) => !emptyLayer).length) };
    case 'architecture': return known(image.architecture);
    case 'os_type': return known(image.os);
    case 'distro': return known(image.distro.id);
    case 'distro_version': return known(image.distro.version);
    case 'like_distro': return known(image.distro.like.join(','));
    case 'user': return image.config === null ? 'unknown' : { value: image.config.user.split(':')[0] || 'root' };
    default: {
      const created = Date.parse(image.created);
      return Number.isNaN(created) ? 'unknown' : { value: String(Math.max(0, Math.floor((now.getTime() - created) / DAY))) };
    }
  }
}

function own(labels: Readonly<Record<string, string>>, name: string): string | null {
  return Object.hasOwn(labels, name) ? labels[name] as string : null;
}

function bytes(value: string): number {
  const [, digits = '0', unit = ''] = SIZE.exec(value) ?? [];
  return Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
}

function holds(scan: Scan, check: Check, actual: string | null, wanted: string): boolean {
  const text = actual ?? '';
  switch (check) {
    case 'exists': return actual !== null && actual !== '0';
    case 'not_exists': return actual === null || actual === '0';
    case '=': return text === wanted;
    case '!=': return text !== wanted;
    case '>': return actual !== null && compareDotted(text, wanted) > 0;
    case '<': return actual !== null && compareDotted(text, wanted) < 0;
    case '>=': return actual !== null && compareDotted(text, wanted) >= 0;
    case '<=': return actual !== null && compareDotted(text, wanted) <= 0;
    case 'like': return cachedPattern(wanted).test([text], scan.budget)[0] === true;
    case 'not_like': return cachedPattern(wanted).test([text], scan.budget)[0] !== true;
    case 'in': return members(wanted).includes(text);
    case 'not_in': return !members(wanted).includes(text);
  }
}

function members(value: string): readonly string[] {
  return value.split(',').map((item) => item.trim());
}

/** Dotted numbers by number, whatever else by code unit. */
function compareDotted(left: string, right: string): number {
  const dotted = /^\d+(?:\.\d+)*$/;
  if (!dotted.test(left) || !dotted.test(right)) return left < right ? -1 : left > right ? 1 : 0;
  const [first, second] = [left.split('.').map(BigInt), right.split('.').map(BigInt)];
  for (let index = 0; index < Math.max(first.length, second.length); index++) {
    const [a, b] = [first[index] ?? 0n, second[index] ?? 0n];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}

export const metadata = gate<Scan>({
  name: 'metadata',
  description: 'What is known of the image as a whole: size, distribution, architecture, layers, labels, age.',
  prepare: (scan) => scan,
  triggers: [attribute],
});
