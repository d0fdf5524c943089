import type { HistoryInstruction } from './history.js';
import { expand } from './expand.js';
import type { Dockerfile, Instruction, Stage } from './instruction.js';

/** Instructions that can put files into a layer. */
export const BRINGS_FILES: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

/**
 * The instructions that leave rows, in the order of the rows: what builders agree on first, then what others do. A stage that starts from another one of this Dockerfile first does what that one
 * has ONBUILD; not with buildah. BuildKit leaves no row for ONBUILD itself. Kaniko writes those alone that make layers, without BuildKit's mark.
 */
export function recorded({ leading }: Dockerfile, rows: readonly HistoryInstruction[]): readonly (readonly Instruction[])[] {
  const last = rows.at(-1);
  const isKaniko = last?.builder === 'other' && BRINGS_FILES.has(last.keyword);
  const hasTriggers = rows.some(({ keyword }) => keyword === 'ONBUILD');
  const leavesRow = ({ keyword }: Instruction): boolean => (isKaniko ? BRINGS_FILES.has(keyword) : keyword !== 'FROM' && (keyword !== 'ONBUILD' || hasTriggers));
  const plain = leading.flatMap(({ instructions }) => instructions).filter(leavesRow);
  const withTriggers = leading.flatMap(({ instructions }, index) => [...triggered(leading[index - 1]), ...instructions]).filter(leavesRow);
  return plain.length === withTriggers.length ? [plain] : [withTriggers, plain];
}

/** What a stage has the next one do, at the lines of its ONBUILD. */
function triggered(stage: Stage | undefined): readonly Instruction[] {
  const triggers = stage?.instructions.filter(({ keyword }) => keyword === 'ONBUILD') ?? [];
  return triggers.map((trigger) => {
    const [, word = '', args = ''] = /^(\S+)\s*([^]*)$/.exec(trigger.args) ?? [];
    // what its variables hold there is not known here
    return { ...trigger, keyword: word.toUpperCase(), args, resolved: expand(args, () => undefined) };
  });
}
