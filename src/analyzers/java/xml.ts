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
  const tree = new Tree(depth);
  for (let at = 0; ; ) {
    const tag = text.indexOf('<', at);
    if (tag > at) tree.text(text, at, tag);
    if (tag < 0) return tree.root;
    const end = endOfMark(text, tag);
    if (end < 0) return tree.root;
    at = end;
    if (text.startsWith('<![CDATA[', tag)) tree.text(text, tag + 9, end - 3);
    else if (text[tag + 1] === '/') tree.close();
    else if (text[tag + 1] !== '!' && text[tag + 1] !== '?') tree.open(text, tag, end);
    if (tree.isOver) return tree.root;
  }
}

/** The elements read so far. Those below `depth` are counted, and not kept. */
class Tree {
  isOver = false;
  private readonly document: XmlElement = { name: '', text: '', children: [] };
  private readonly ancestors: XmlElement[] = [this.document];
  private readonly depth: number;
  private level = 0;
  private kept = 0;

  constructor(depth: number) {
    this.depth = depth;
  }

  get root(): XmlElement | undefined {
    return this.document.children[0];
  }

  private get isInKept(): boolean {
    return this.level === this.ancestors.length - 1;
  }

  text(text: string, start: number, end: number): void {
    const element = this.isInKept && this.level > 0 ? this.ancestors.at(-1) : undefined;
    if (element !== undefined) element.text += text.slice(start, end);
  }

  open(text: string, tag: number, end: number): void {
    const isEmpty = text[end - 2] === '/';
    if (this.isInKept && this.level < this.depth && this.kept < MOST_ELEMENTS) {
      this.kept += 1;
      const element: XmlElement = { name: nameAt(text, tag + 1, end), text: '', children: [] };
      this.ancestors.at(-1)?.children.push(element);
      if (!isEmpty) this.ancestors.push(element);
    }
    if (!isEmpty) this.level += 1;
  }

  close(): void {
    const closed = this.isInKept && this.level > 0 ? this.ancestors.pop() : undefined;
    if (closed !== undefined) closed.text = closed.text.trim();
    this.level = Math.max(0, this.level - 1);
    this.isOver = this.level === 0;
  }
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

/** All children of that name. */
export function children(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((one) => one.name === name) ?? [];
}

/** The first child's text, or the empty string. */
export function childText(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text ?? '';
}
