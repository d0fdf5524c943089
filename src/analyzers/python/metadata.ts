/**
 * The header of a METADATA or PKG-INFO file: the fields before the first empty line, names in lower case, values in order.
 * A line that is neither a field nor indented belongs to the field before it: old setuptools did not indent long keywords.
 * Source: Core metadata specifications (packaging.python.org), which are RFC 822 headers.
 */
export function parseMetadata(text: string): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of headerLines(text)) {
    const field = /^([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:(?:[ \t]+|$)/.exec(line);
    const [whole, name = ''] = field ?? [];
    if (whole === undefined) {
      const last = values?.pop();
      if (last !== undefined) values?.push(`${last}\n${line.trim()}`);
      continue;
    }
    const key = name.toLowerCase();
    values = fields.get(key) ?? [];
    values.push(line.slice(whole.length).trim());
    fields.set(key, values);
  }
  return fields;
}

/** Lines of a header: a description of a megabyte may follow in it. */
const MOST_LINES = 20_000;

function* headerLines(text: string): Generator<string> {
  let start = 0;
  for (let count = 0; count < MOST_LINES && start < text.length; count += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).replace(/\r$/, '');
    if (line === '') return;
    yield line;
    start = end + 1;
  }
}
