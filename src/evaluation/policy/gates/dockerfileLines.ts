import { InputError } from '../../../errors.js';
import { commandOf } from '../../../dockerfile/command.js';
import { parseHistory } from '../../../dockerfile/history.js';
import type { Instruction } from '../../../dockerfile/instruction.js';
import { parseDockerfile } from '../../../dockerfile/parse.js';
import type { Location } from '../../evaluation.js';
import { locate, type Scan } from '../gate.js';

/** An instruction as rules see it, from a Dockerfile or from history. */
export interface DockerfileLine {
  readonly keyword: string;
  /** Arguments as written: rows joined as Anchore joins them, so that messages are equal to its messages. */
  readonly text: string;
  /** With ARG and ENV substituted; of RUN the command that it comes to. */
  readonly resolved: string;
  readonly location: Location;
  /** Known from the configuration or from build arguments alone: enough to find something in, but nobody wrote this line. */
  readonly implied: boolean;
}

export interface DockerfileLines {
  readonly actual: boolean;
  readonly lines: readonly DockerfileLine[];
  /** Where to point when something is missing: the FROM of the stage that was built. */
  readonly start: Location;
  /** Why there are no lines; undefined where there are. */
  readonly unreadable?: string;
}

/** The instructions that led to the image: the Dockerfile's where it was given, else history's. */
export function dockerfileLines(scan: Scan): DockerfileLines {
  const { dockerfile } = scan.image;
  const read = dockerfile.mode === 'Actual' ? fromDockerfile(scan) : fromHistory(scan);
  return { ...read, lines: [...read.lines, ...impliedLines(scan, read.lines)] };
}

function fromDockerfile(scan: Scan): DockerfileLines {
  const contents = scan.image.dockerfile.contents;
  try {
    const { globalArgs, leading } = parseDockerfile(contents, { target: scan.dockerfileTarget });
    const rows = contents.replace(/^\uFEFF/, '').split(/\r?\n/);
    const instructions = leading.flatMap((stage) => stage.instructions.filter(({ keyword }) => keyword !== 'FROM' || stage.baseStage < 0));
    const lines = [...globalArgs, ...instructions].map((instruction) => writtenLine(instruction, rows, scan));
    const from = leading.at(-1)?.instructions[0];
    return { actual: true, lines, start: from === undefined ? {} : dockerfileLocation(from, scan) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { actual: true, lines: [], start: {}, unreadable: `the Dockerfile cannot be read: ${error.message}` };
  }
}

function writtenLine(instruction: Instruction, rows: readonly string[], scan: Scan): DockerfileLine {
  const { keyword, args, resolved } = instruction;
  const text = joinAsAnchore(instruction, rows) ?? args;
  return {
    keyword,
    text,
    resolved: keyword === 'RUN' ? commandOf(text) : resolved === args ? text : resolved,
    location: dockerfileLocation(instruction, scan),
    implied: false,
  };
}

/** Rows trimmed and put together without a blank, as Anchore does it; undefined for instructions that it could not read. */
function joinAsAnchore({ args, startLine, endLine, keyword }: Instruction, rows: readonly string[]): string | undefined {
  if (endLine === startLine || args.includes('\n')) return undefined;
  const own = rows.slice(startLine - 1, endLine).map((row) => row.trim()).filter((row) => row !== '' && !row.startsWith('#'));
  if (!own.slice(0, -1).every((row) => row.endsWith('\\'))) return undefined;
  return own.map((row) => row.replace(/\\$/, '')).join('').slice(keyword.length).trim();
}

function dockerfileLocation({ startLine, endLine }: Instruction, scan: Scan): Location {
  return { dockerfile: { file: scan.dockerfilePath, startLine, endLine } };
}

function fromHistory(scan: Scan): DockerfileLines {
  const { layers, history } = scan.image;
  const rows = layers.length > 0
    ? layers.map(({ createdBy, index }) => ({ createdBy, index }))
    : history.map(({ createdBy }) => ({ createdBy, index: -1 }));
  if (rows.length === 0) return { actual: false, lines: [], start: {}, unreadable: 'the report holds neither a Dockerfile nor a history' };
  const lines = rows.flatMap(({ createdBy, index }): DockerfileLine[] => {
    const { keyword, args } = parseHistory(createdBy);
    return keyword === '' ? [] : [{ keyword, text: args, resolved: keyword === 'RUN' ? commandOf(args) : args, location: locate(scan, undefined, index), implied: false }];
  });
  return { actual: false, lines, start: {} };
}

/** What is in the image without a line that says so: variables of a base image, build arguments that history kept. */
function impliedLines(scan: Scan, written: readonly DockerfileLine[]): readonly DockerfileLine[] {
  const named = new Set(written.filter(({ keyword }) => keyword === 'ENV').flatMap(({ text }) => text.split(/[\s=]+/)));
  const env = (scan.image.config?.env ?? []).filter((variable) => !named.has(variable.split('=')[0] as string));
  const argTexts = new Set(written.filter(({ keyword }) => keyword === 'ARG').map(({ text }) => text));
  const args = new Map<string, Location>();
  const rows = scan.image.layers.length > 0 ? scan.image.layers : scan.image.history.map((row) => ({ ...row, index: -1 }));
  for (const { createdBy, index } of rows) {
    for (const argument of parseHistory(createdBy).buildArgs) {
      if (!argTexts.has(argument) && !args.has(argument)) args.set(argument, locate(scan, undefined, index));
    }
  }
  const implied = (keyword: string, text: string, location: Location): DockerfileLine => ({ keyword, text, resolved: text, location, implied: true });
  return [
    ...env.map((variable) => implied('ENV', variable, { path: `config:env:${variable.split('=')[0]}` })),
    ...[...args].map(([argument, location]) => implied('ARG', argument, location)),
  ];
}
