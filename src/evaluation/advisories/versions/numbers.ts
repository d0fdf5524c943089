import { compareNumbers } from './order.js';
import type { VersionScheme } from './scheme.js';

/** Numbers between separators; where one list begins the other, the longer is greater. */
function numbers(name: string, separators: RegExp, reads: RegExp): VersionScheme<readonly string[]> {
  return {
    name,
    parse: (text) => text.split(separators),
    compare: (a, b) => {
      for (let index = 0; index < Math.min(a.length, b.length); index++) {
        const order = compareNumbers(a[index] ?? '', b[index] ?? '');
        if (order !== 0) return order;
      }
      return a.length - b.length;
    },
    reads: (text) => reads.test(text),
  };
}

/** R: https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html; dots and dashes are one. */
export const cran = numbers('CRAN', /[.-]/, /^\d+(?:[.-]\d+)*$/);

/** Haskell's package versioning policy: https://pvp.haskell.org */
export const hackage = numbers('Hackage', /\./, /^\d+(?:\.\d+)*$/);
