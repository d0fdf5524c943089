import { linkDestination } from '../../analyzers/files/names.js';
import type { Ground } from '../../image/ground.js';
import type { FlatNode, FlattenedImage } from '../../image/image.js';
import type { EntryType, LayerEntry } from '../../image/layer.js';
import { byCodeUnits } from '../../text/order.js';
import { PathRows, rowsText } from './rows.js';

/** What few nodes have. */
interface Rest {
  /** The entry's, where it is another one than the node's. */
  readonly path?: string;
  readonly linkname?: string;
  readonly xattrs?: Readonly<Record<string, string>>;
  readonly contentLayer?: number;
  readonly otherNames?: readonly string[];
}

/** Nodes as rows: path → numbers, and the rest as JSON. */
export function groundRows({ nodes }: FlattenedImage): Buffer {
  return rowsText(Object.fromEntries([...nodes.values()].map((node) => [node.path, written(node)])));
}

/** Where symlinks lead → those symlinks, as JSON, sorted. */
export function linkRows({ nodes }: FlattenedImage): Buffer {
  const links = new Map<string, string[]>();
  for (const node of nodes.values()) {
    const destination = linkDestination(node);
    if (destination === null) continue;
    const known = links.get(destination);
    if (known === undefined) links.set(destination, [node.path]);
    else known.push(node.path);
  }
  const rows = [...links].sort(([a], [b]) => byCodeUnits(a, b)).map(([path, names]) => [path, JSON.stringify(names)] as const);
  return rowsText(Object.fromEntries(rows));
}

function written({ path, entry, layer, content, size, contentLayer, otherNames }: FlatNode): string {
  const { type, mode, uid, gid, mtime } = entry;
  const rest: Rest = {
    ...(entry.path === path.slice(1) ? {} : { path: entry.path }),
    ...(entry.linkname === undefined ? {} : { linkname: entry.linkname }),
    ...(entry.xattrs === undefined ? {} : { xattrs: entry.xattrs }),
    ...(contentLayer === undefined ? {} : { contentLayer }),
    ...(otherNames.length === 0 ? {} : { otherNames }),
  };
  const numbers = `${type} ${layer} ${content} ${size} ${mode} ${uid} ${gid} ${entry.size} ${mtime}`;
  return Object.keys(rest).length === 0 ? numbers : `${numbers} ${JSON.stringify(rest)}`;
}

function read(path: string, row: string): FlatNode {
  const brace = row.indexOf('{');
  const [type, ...numbers] = (brace === -1 ? row : row.slice(0, brace - 1)).split(' ');
  const [layer = 0, content = 0, size = 0, mode = 0, uid = 0, gid = 0, entrySize = 0, mtime = 0] = numbers.map(Number);
  const { path: entryPath = path.slice(1), linkname, xattrs, contentLayer, otherNames = [] } = brace === -1 ? {} : JSON.parse(row.slice(brace)) as Rest;
  const entry: LayerEntry = {
    path: entryPath, type: type as EntryType, mode, uid, gid, size: entrySize, mtime,
    ...(linkname === undefined ? {} : { linkname }), ...(xattrs === undefined ? {} : { xattrs }),
  };
  return { path, entry, layer, content, ...(contentLayer === undefined ? {} : { contentLayer }), size, otherNames };
}

/** The ground as it was kept; a node is read when it is asked for. */
export class GroundTable implements Ground {
  private readonly rows: PathRows;
  private readonly links: PathRows;
  private readonly known = new Map<string, FlatNode | undefined>();

  constructor(nodes: Buffer, links: Buffer) {
    this.rows = new PathRows(nodes);
    this.links = new PathRows(links);
  }

  get(path: string): FlatNode | undefined {
    if (!this.known.has(path)) {
      const row = this.rows.get(path);
      this.known.set(path, row === undefined ? undefined : read(path, row));
    }
    return this.known.get(path);
  }

  namesIn(directory: string): readonly string[] {
    const inside = `${directory}/`;
    const names: string[] = [];
    let at = this.rows.from(inside);
    while (at < this.rows.text.length) {
      const path = this.rows.keyAt(at);
      if (!path.startsWith(inside)) break;
      const [name = '', deeper] = path.slice(inside.length).split('/', 2);
      // what is below a child stands together: `/` comes right before `0`
      at = deeper === undefined ? this.rows.next(at) : this.rows.from(`${inside}${name}0`);
      if (deeper === undefined) names.push(name);
    }
    return names;
  }

  /** The symlinks that lead to a path, by one step; sorted. */
  linksTo(path: string): readonly string[] {
    return JSON.parse(this.links.get(path) ?? '[]') as string[];
  }

  /** Every node, sorted by path. */
  all(): FlatNode[] {
    const whole = JSON.parse(`{${this.rows.text.toString('utf8')}}`) as Record<string, string>;
    return Object.entries(whole).map(([path, row]) => read(path, row));
  }
}
