import type { Analyzer } from '../../src/analyzers/analyzer.js';
import type { LayerEntry } from '../../src/image/layer.js';

/** As lanes hand files over. */
const PIECE = 64 * 1024;

export interface Said {
  readonly analyzer: string;
  readonly fact: unknown;
  readonly problems: readonly string[];
}

/** What every analyzer that wants a file of these bytes at this path says of it. */
export function analyse(analyzers: readonly Analyzer[], path: string, bytes: Buffer): Said[] {
  const entry: LayerEntry = { path, type: 'file', mode: 0o755, uid: 0, gid: 0, size: bytes.length, mtime: 0 };
  return analyzers.flatMap((analyzer) => {
    const want = analyzer.wants(entry, bytes.subarray(0, PIECE));
    if (want === 'nothing') return [];
    const problems: string[] = [];
    const tell = (message: string): void => void problems.push(message);
    if (want !== 'stream') return bytes.length > want.limit ? [] : [{ analyzer: analyzer.name, fact: analyzer.analyze?.(entry, bytes, tell), problems }];
    const sink = analyzer.open?.(entry, tell);
    for (let at = 0; at < bytes.length; at += PIECE) sink?.write(bytes.subarray(at, at + PIECE));
    return [{ analyzer: analyzer.name, fact: sink?.end(), problems }];
  });
}
