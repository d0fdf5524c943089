import { describeGates, type ParameterDescription, type TriggerDescription } from './describeGates.js';

const INTRODUCTION = `# Gates and triggers

This page is generated from the code that evaluates policies (\`node scripts/gates-docs.js\`); \`inline-scan policies --gates\` prints the same.

A rule names a **gate**, one of its **triggers**, and parameters. The trigger fires as often as it finds something, and each time makes a finding
with the rule's action. Names of gates, triggers and parameters are understood in whatever case; values are strings.
What is marked with ‡ is ours, and other engines do not know it. Regular expressions are Python's, and match from the start of the text, not to its end:
write \`.*\` in front to find something anywhere. \`\\w\`, \`\\d\` and \`\\s\` are Unicode's, as in Python; atomic groups, possessive repeats, conditionals and
flags in the middle are refused, with the character at which they stand. Most run in time linear in the text; those with lookaround, references or repeats of more than 1,000 have a limit of time, and a
rule that runs into it stops its policy, with a problem that says so.

Ids of findings are the hash (MD5) of gate, trigger and message, unless the trigger says otherwise, as in Anchore Engine: allow lists written for it
hold here. Where something is done in another way than in Anchore Engine 1.1.0, it is said below the trigger.

Where a rule cannot be evaluated, because nobody gave the data that it needs, the evaluation lists it under \`notEvaluated\` with the reason. It is never taken for a pass in silence.
`;

/** docs/gates.md. */
export function gatesDocument(): string {
  const gates = describeGates();
  const contents = gates.map(({ name, description, extension }) => `* [${name}](#${name})${extension ? ' ‡' : ''}: ${description}`).join('\n');
  const sections = gates.map(({ name, description, triggers }) => (
    `## ${name}\n\n${description}\n\n${triggers.map((trigger) => describeTrigger(name, trigger)).join('\n')}`
  ));
  return `${INTRODUCTION}\n${contents}\n\n${sections.join('\n')}`;
}

function describeTrigger(gate: string, { name, aliases, description, extension, deviations, parameters }: TriggerDescription): string {
  const also = aliases.length === 0 ? '' : ` Also understood: ${aliases.map(code).join(', ')}.`;
  const table = parameters.length === 0 ? '' : `
| parameter | value | | meaning | example |
|---|---|---|---|---|
${parameters.map(describeParameter).join('\n')}
`;
  const differs = deviations.length === 0 ? '' : `\nOtherwise than Anchore Engine:\n\n${deviations.map((one) => `* ${one}`).join('\n')}\n`;
  return `### ${gate}.${name}${extension ? ' ‡' : ''}\n\n${description}${also}\n${table}${differs}`;
}

function describeParameter({ name, aliases, validator, required, default: fallback, description, example, extension }: ParameterDescription): string {
  const names = [name, ...aliases].map(code).join(', ');
  const values = validator.oneOf === undefined ? validator.type : validator.oneOf.map(code).join(' ');
  const need = required ? 'required' : fallback === null ? '' : `default ${code(fallback)}`;
  return `| ${[names + (extension ? ' ‡' : ''), values, need, description, code(example)].map(cell).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
