/** An element of an XML document, as far down as it was asked for. */
export interface XmlElement {
  /** Without its namespace's prefix. */
  readonly name: string;
  /** Its own text, white space trimmed; entities stand as they are. */
  text: string;
  readonly children: XmlElement[];
}

/** Elements that are kept of one document: the largest pom has some 20,000. */
const MOST_ELEMENTS = 100_000;

/**
 * Reads the root element with its descendants down to `depth` (1 is the root alone); undefined for anything that is not XML.
 * Attributes, comments, processing instructions and what is deeper are passed over, entities are not expanded, nothing is recursive:
 * one pass, so that a document of a megabyte costs milliseconds whatever is in it. A general parser took a thousand times as long for
 * hostile ones, and an archive may hold very many.
 */
export function readXml(text: string, depth: number): XmlElement | undefined {
  const root: XmlElement = { name: '', text: '', children: [] };
  const open: XmlElement[] = [root];
  let level = 0;
  let kept = 0;
  let at = 0;
  for (;;) {
    const tag = text.indexOf('<', at);
    const current = level === open.length - 1 ? open.at(-1) : undefined;
    if (current !== undefined && level > 0 && tag > at) current.text += text.slice(at, tag);
    if (tag < 0) return root.children[0];
    const end = endOfMark(text, tag);
    if (end < 0) return root.children[0];
    at = end;
    if (text.startsWith('<![CDATA[', tag)) {
      if (current !== undefined && level > 0) current.text += text.slice(tag + 9, end - 3);
    } else if (text[tag + 1] === '/') {
      if (level === open.length - 1 && level > 0) finish(open.pop());
      level = Math.max(0, level - 1);
      if (level === 0) return root.children[0];
    } else if (text[tag + 1] !== '!' && text[tag + 1] !== '?') {
      const selfClosing = text[end - 2] === '/';
      if (level === open.length - 1 && level < depth && kept < MOST_ELEMENTS) {
        kept += 1;
        const element: XmlElement = { name: nameAt(text, tag + 1, end), text: '', children: [] };
        open.at(-1)?.children.push(element);
        if (!selfClosing) open.push(element);
      }
      if (!selfClosing) level += 1;
    }
  }
}

function finish(element: XmlElement | undefined): void {
  if (element !== undefined) element.text = element.text.trim();
}

/** Behind the `>` of a tag, comment, CDATA section, instruction or document type; -1 where it has none. */
function endOfMark(text: string, tag: number): number {
  const mark = text[tag + 1];
  if (mark !== '!' && mark !== '?') return text.indexOf('>', tag) + 1 || -1;
  const close = text.startsWith('<!--', tag) ? '-->' : text.startsWith('<![CDATA[', tag) ? ']]>' : text.startsWith('<?', tag) ? '?>' : text.startsWith('<!DOCTYPE', tag) ? '' : '>';
  if (close === '') return endOfDoctype(text, tag);
  const end = text.indexOf(close, tag + 1);
  return end < 0 ? -1 : end + close.length;
}

function endOfDoctype(text: string, tag: number): number {
  const subset = text.indexOf('[', tag);
  const end = text.indexOf('>', tag);
  if (end < 0 || subset < 0 || subset > end) return end < 0 ? -1 : end + 1;
  const close = /\]\s{0,100}>/g;
  close.lastIndex = subset;
  return close.test(text) ? close.lastIndex : -1;
}

function nameAt(text: string, start: number, end: number): string {
  const [, name = ''] = /^(?:[\w.-]{0,100}:)?([\w.-]{0,200})/.exec(text.slice(start, Math.min(end, start + 302))) ?? [];
  return name;
}

/** The first child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

export function children(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((one) => one.name === name) ?? [];
}

/** The first child's text, or the empty string. */
export function childText(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text ?? '';
}
