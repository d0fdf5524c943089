/** One paragraph: fields by lower-cased name; lines of a long field are joined by newlines, without their indent. */
export type Paragraph = ReadonlyMap<string, string>;

/**
 * Paragraphs of a control file (dpkg, opkg, machine-readable copyright), with the fields that are wanted and no others:
 * descriptions are most of a status file. Linear in the text. Lines that are none of a field's are passed over.
 * Source: deb822(5), Debian Policy 5.1.
 */
export function* paragraphs(text: string, wanted: ReadonlySet<string>): Generator<Paragraph> {
  let fields = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines(text)) {
    if (line.trim() === '') {
      if (fields.size > 0) yield joined(fields);
      fields = new Map();
      current = undefined;
    } else if (line[0] === ' ' || line[0] === '\t') {
      current?.push(line.trim());
    } else {
      current = startField(line, wanted, fields);
    }
  }
  if (fields.size > 0) yield joined(fields);
}

/** A field that is not wanted still ends the one before; one that comes twice keeps its first value, as dpkg has it. */
function startField(line: string, wanted: ReadonlySet<string>, fields: Map<string, string[]>): string[] | undefined {
  const colon = line.indexOf(':');
  if (colon <= 0 || line[0] === '#') return undefined;
  const name = line.slice(0, colon).toLowerCase();
  if (!wanted.has(name) || fields.has(name)) return undefined;
  const value = [line.slice(colon + 1).trim()];
  fields.set(name, value);
  return value;
}

function joined(fields: ReadonlyMap<string, readonly string[]>): Paragraph {
  return new Map([...fields].map(([name, value]) => [name, value.join('\n')]));
}

/** Lines one by one: a status file has some hundred thousand. */
export function* lines(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    yield text.slice(start, text.charCodeAt(end - 1) === 0x0d && end > start ? end - 1 : end);
    start = end + 1;
  }
}
