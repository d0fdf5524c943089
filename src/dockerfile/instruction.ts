/** An instruction of a Dockerfile or of an image's history, in one form for both. */
export interface Instruction {
  /** Upper case: `RUN`, `COPY` … */
  readonly keyword: string;
  /** Arguments on one line: continuations joined, comments inside them dropped, heredoc bodies kept after a newline. As written: nothing substituted. */
  readonly args: string;
  /** The same with ARG and ENV substituted where their values are known. */
  readonly resolved: string;
  /** Lines of the file, from 1; 0 for an instruction of history. */
  readonly startLine: number;
  readonly endLine: number;
  /** Index of the stage, from 0; -1 before the first FROM and for history. */
  readonly stage: number;
}

export interface Stage {
  readonly index: number;
  /** As written after `AS`, or the empty string. */
  readonly name: string;
  /** The image or the earlier stage that it starts from, substituted. */
  readonly base: string;
  /** Index of that stage, or -1 where `base` is an image. */
  readonly baseStage: number;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  readonly stages: readonly Stage[];
  /** ARG before the first FROM. */
  readonly globalArgs: readonly Instruction[];
  /** Stages that lead to the image: the target and those it is built FROM, base first; not those it only copies from. */
  readonly leading: readonly Stage[];
}
