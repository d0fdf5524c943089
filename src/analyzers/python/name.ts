/** PEP 503: names compare in lower case, with any run of `-`, `_` and `.` as one dash. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
