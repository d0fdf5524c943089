import { packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { FormatError } from '../packageFile/read.js';
import { unserialize, type PhpValue } from './serialized.js';

/**
 * PEAR's and PECL's registry: one serialized array for each package, below `.registry`, those of other channels below `.channel.NAME`.
 * Source: PEAR, PEAR/Registry.php (package.xml 1 has `package` and plain strings, 2 has `name` and arrays with `_content`).
 */
function parseRegistry(bytes: Buffer, path: string): readonly PackageDraft[] {
  const registry = unserialize(bytes);
  const name = textAt(registry, 'name') || textAt(registry, 'package');
  if (name === '') throw new FormatError('is a registry entry without a name');
  const version = textAt(registry, 'version', 'release') || textAt(registry, 'version');
  const channel = textAt(registry, 'channel') || (/\/\.channel\.([^/]+)\//.exec(path)?.[1] ?? 'pear.php.net');
  const license = textAt(registry, 'license', '_content') || textAt(registry, 'license') || textAt(registry, 'release_license');
  const lead = textAt(registry, 'lead', 'name') || textAt(registry, 'lead', '0', 'name');
  return [{
    name,
    version,
    purl: purlOf({ type: 'pear', namespace: channel, name, version }),
    licenses: license === '' ? [] : [license],
    origin: lead,
    metadata: { channel },
  }];
}

function textAt(value: PhpValue | undefined, ...keys: readonly string[]): string {
  let at = value;
  for (const key of keys) at = at instanceof Map ? (at.get(key) as PhpValue | undefined) : undefined;
  return typeof at === 'string' ? at : '';
}

export const pear = packageFileAnalyzer({
  name: 'pear',
  description: 'PHP packages and extensions that PEAR or PECL installed (.registry/*.reg).',
  version: 1,
  type: 'pear',
  // The registry lists each package's files; PEAR's own entry has 80 kB.
  limit: 8 * 1024 * 1024,
  matches: (path) => /(?:^|\/)\.registry\/(?:\.channel\.[^/]+\/)?[^/]+\.reg$/.test(path),
  parse: parseRegistry,
});
