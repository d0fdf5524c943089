/** What folds away. The heading is ours, or escaped by who gives it. */
export function fold(heading: string, content: string, isOpen = false): string {
  return content === '' ? '' : `<details${isOpen ? ' open' : ''}>\n<summary><b>${heading}</b></summary>\n\n${content}\n\n</details>`;
}

/** A table of GitHub-flavoured Markdown; the cells are escaped by who gives them. `:` after a heading sets its column to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(headings.map((heading) => heading.replace(/:$/, ''))),
    line(headings.map((heading) => (heading.endsWith(':') ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}
