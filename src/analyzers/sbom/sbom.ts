import { baseName, packageFileAnalyzer } from '../packageFile/analyzer.js';
import { FormatError } from '../packageFile/read.js';
import { parseSbom } from './documents.js';
import { isBitnami } from '../bitnami/bitnami.js';

/** The names by which bills of materials go: SPDX's and CycloneDX's recommendations, syft's, and what people use. */
const NAMES = /^(?:s?bom|.*\.(?:s?bom|cdx|spdx|syft)|s?bom\.xml|.*\.(?:s?bom|cdx|spdx|syft)\.(?:json|xml|tv|tag|txt))$/;

export const sbom = packageFileAnalyzer({
  name: 'sbom',
  description: 'Packages that a bill of materials in the image names (SPDX as JSON or tags and values, CycloneDX as JSON or XML).',
  version: 2,
  type: 'sbom',
  // One of 20,000 packages, each with its relationships.
  limit: 64 * 1024 * 1024,
  matches: (path) => NAMES.test(baseName(path).toLowerCase()) && !isBitnami(path),
  parse(bytes, path) {
    const drafts = parseSbom(bytes);
    // Other things are called `bom` as well; these names promise one.
    if (drafts === undefined && /\.(?:spdx|cdx)(?:\.|$)/i.test(path)) throw new FormatError('is no bill of materials of a form that is read');
    return drafts ?? [];
  },
});
