import { jsonWords, splitFlags } from './words.js';

/**
 * What a RUN runs, on one line, as rules look at it: without flags; the words of its JSON form; of a heredoc that is a script,
 * and of history's rows of several lines, the lines as commands beside each other.
 */
export function commandOf(args: string): string {
  const command = splitFlags(args).rest;
  const json = jsonWords(command);
  if (json !== undefined) return json.join(' ');
  const script = scriptOf(command);
  return script === undefined ? command : commandsOf(script);
}

/** `<<EOF`, its lines and its end, and nothing else on the first row. */
const HEREDOC = /^<<(-?)(["']?)[\w.-]+\2[ \t]*\n([^]*)\n[^\n]*$/;

/** The shell script of a RUN of several lines; undefined where there is one line, or where another program reads them. */
function scriptOf(command: string): string | undefined {
  if (!command.includes('\n')) return undefined;
  const heredoc = HEREDOC.exec(command);
  const script = heredoc?.[3] ?? (command.includes('<<') ? undefined : command);
  return script === undefined || /^#!(?!.*sh\b)/.test(script.trimStart()) ? undefined : script;
}

function commandsOf(script: string): string {
  const rows = script.replace(/\\\r?\n/g, ' ').split(/\r?\n/).map((row) => row.trim());
  return rows.filter((row) => row !== '' && !row.startsWith('#')).join('; ');
}
