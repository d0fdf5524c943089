import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { parseSbom } from './documents.js';
import { isBitnami } from '../bitnami/bitnami.js';

/** The names by which bills of materials go: SPDX's and CycloneDX's recommendations, syft's, and what people use. */
const NAMES = /^(?:s?bom|.*\.(?:s?bom|cdx|spdx|syft)|.*\.(?:s?bom|cdx|spdx|syft)\.json)$/;

export const sbom = packageFileAnalyzer({
  name: 'sbom',
  description: 'Packages that a bill of materials in the image names (SPDX and CycloneDX, as JSON).',
  version: 1,
  type: 'sbom',
  // One of 20,000 packages, each with its relationships.
  limit: 64 * 1024 * 1024,
  matches: (path) => NAMES.test(baseName(path).toLowerCase()) && !isBitnami(path),
  parse: (bytes) => parseSbom(bytes) ?? [],
});
