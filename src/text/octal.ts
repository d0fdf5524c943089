/** An integer as Python's `oct()` writes it, which is how the report has modes: `0o755`, `0o104755`, `0o0`. */
export function pythonOctal(value: number): string {
  return `0o${value.toString(8)}`;
}
