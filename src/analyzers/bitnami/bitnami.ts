import { packageFileAnalyzer } from '../packageFile/analyzer.js';
import { FormatError } from '../packageFile/read.js';
import { parseSbom } from '../sbom/documents.js';

/** Bitnami's images keep an SPDX document for each component: `/opt/bitnami/redis/.spdx-redis.spdx`. */
const PATH = /(?:^|\/)opt\/bitnami\/(?:[^/]+\/)*\.spdx-[^/]+\.spdx$/;

/** Of such a document alone: others of SPDX are read as bills of materials (sbom). */
export function isBitnami(path: string): boolean {
  return PATH.test(path);
}

export const bitnami = packageFileAnalyzer({
  name: 'bitnami',
  description: "Bitnami's components, by the SPDX documents beside them.",
  version: 2,
  type: 'bitnami',
  limit: 16 * 1024 * 1024,
  matches: isBitnami,
  parse(bytes) {
    const drafts = parseSbom(bytes);
    if (drafts === undefined) throw new FormatError('is no SPDX document');
    return drafts;
  },
});
