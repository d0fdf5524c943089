import * as z from 'zod';
import { Fault } from '../archive/fault.js';
import { openZip } from '../archive/open.js';
import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { purlOf, type PackageDraft } from '../packageFile/draft.js';
import { FormatError, readJson, readText, shaped } from '../packageFile/read.js';

/**
 * JetBrains' programs (product-info.json) and their plugins (META-INF/plugin.xml in `plugins/NAME/lib/*.jar`).
 * Source: IntelliJ Platform SDK, "Plugin Configuration File".
 */
const ProductInfo = z.object({ name: z.string(), version: z.string(), buildNumber: z.string(), productCode: z.string() });
/** plugin.xml lists all that a plugin adds; the largest have 300 kB. */
const LARGEST_DESCRIPTOR = 2 * 1024 * 1024;
const DESCRIPTOR = 'META-INF/plugin.xml';

function parseProductInfo(bytes: Buffer): readonly PackageDraft[] {
  const info = readJson(bytes);
  // A product-info.json without a product code is somebody else's.
  if (typeof info !== 'object' || info === null || !('productCode' in info)) return [];
  const { name, version, buildNumber, productCode } = shaped(ProductInfo, info);
  return [{ name, version, purl: purlOf({ type: 'generic', namespace: 'jetbrains', name, version }), origin: 'JetBrains', metadata: { buildNumber, productCode } }];
}

/** Reads a plugin's descriptor; of a plugin's jars only one has it, so none is no problem. */
function parsePluginJar(bytes: Buffer): readonly PackageDraft[] {
  const descriptor = descriptorOf(bytes);
  return descriptor === undefined ? [] : parseDescriptor(descriptor);
}

function descriptorOf(bytes: Buffer): string | undefined {
  const archive = openZip(bytes);
  if (archive instanceof Fault) throw new FormatError(archive.reason);
  const entry = archive.entries.find(({ name }) => name === DESCRIPTOR);
  const descriptor = entry && archive.read(entry, LARGEST_DESCRIPTOR);
  if (descriptor instanceof Fault) throw new FormatError(`has a ${DESCRIPTOR} that ${descriptor.reason}`);
  return descriptor && readText(descriptor);
}

function parseDescriptor(xml: string): readonly PackageDraft[] {
  const title = elementOf(xml, 'name');
  const name = elementOf(xml, 'id') || title;
  const version = elementOf(xml, 'version');
  if (name === '' || version === '') return [];
  return [{ name, version, purl: purlOf({ type: 'generic', namespace: 'jetbrains/plugin', name, version }), origin: elementOf(xml, 'vendor'), metadata: { title } }];
}

/** Text of the first element of that name; the ones sought stand at the top of the descriptor. */
function elementOf(xml: string, name: string): string {
  return new RegExp(`<${name}(?:\\s[^>]{0,500})?>([^<]{0,500})</${name}>`).exec(xml)?.[1]?.trim() ?? '';
}

export const jetbrains = packageFileAnalyzer({
  name: 'jetbrains',
  description: "JetBrains' programs and their plugins.",
  version: 2,
  type: 'jetbrains',
  // Plugins of JetBrains themselves have 50 MB.
  limit: 64 * 1024 * 1024,
  matches: (path) => baseName(path) === 'product-info.json' || /(?:JetBrains|jetbrains|idea|\.local\/share\/[^/]+)\/(?:.+\/)?plugins\/[^/]+\/lib\/[^/]+\.jar$/.test(path),
  parse: (bytes, path) => (path.endsWith('.jar') ? parsePluginJar(bytes) : parseProductInfo(bytes)),
});
