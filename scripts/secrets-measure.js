// Prints recall and precision of the search for secrets over the corpus: npm run secrets:measure
import { fileURLToPath } from 'node:url';
import { load } from './load.js';
import { falseCandidates, textCandidates, trueCandidates } from './secrets-corpus.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The detector out of src/. */
export async function detectorOf() {
  const { RULES, secretDetector, isLeftOut, placeOf, linesOf } = await load(`
    export { RULES } from './src/analyzers/secrets/rules/index.ts'; export { secretDetector } from './src/analyzers/secrets/detect.ts';
    export { isLeftOut, placeOf } from './src/analyzers/secrets/place.ts'; export { linesOf } from './src/analyzers/secrets/text.ts';`);
  const detector = secretDetector(RULES);
  const kinds = new Set(RULES.map(({ name }) => name)).size;
  const find = ({ path, text }) => {
    if (isLeftOut(path)) return [];
    const bytes = Buffer.from(text, 'latin1');
    const { matches } = detector(bytes, { place: placeOf(path), path, strict: false });
    const lines = linesOf(bytes, matches.map(({ start }) => start));
    return matches.map(({ rule }, index) => ({ name: rule.name, line: lines[index] }));
  };
  return { find, kinds };
}

export function measure(find, truths, lies) {
  const missed = truths.filter((candidate) => !find(candidate).some(({ line }) => line === candidate.line));
  const renamed = truths.filter((candidate) => candidate.kind !== 'ANY' && !missed.includes(candidate) && !find(candidate).some(({ name }) => name === candidate.kind));
  const wrong = lies.flatMap((candidate) => find(candidate).map((match) => ({ ...match, ...candidate })));
  const found = truths.length - missed.length;
  return { found, missed, renamed, wrong, recall: found / truths.length, precision: found / (found + wrong.length) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { find, kinds } = await detectorOf();
  const truths = trueCandidates();
  const made = falseCandidates();
  const text = [...textCandidates(`${root}node_modules`, '/srv/app/node_modules'), ...textCandidates(`${root}src`, '/srv/app/src'), ...process.argv.slice(2).flatMap((folder) => textCandidates(folder, ''))];
  const { found, missed, renamed, wrong, recall, precision } = measure(find, truths, [...made, ...text]);
  for (const { kind, path, line } of missed) console.log(`missed      ${kind} in ${path}, line ${line + 1}`);
  for (const candidate of renamed) console.log(`other name  ${candidate.kind} in ${candidate.path}: ${find(candidate).map(({ name }) => name).join()}`);
  for (const { name, path, line, text } of wrong) console.log(`false alarm ${name} in ${path}, line ${line + 1}: ${(text.split('\n')[line] ?? '').slice(0, 120)}`);
  console.log(`kinds ${kinds}, true candidates ${truths.length}, false candidates ${made.length + text.length} (${made.length} made, ${text.length} lines of real text)`);
  console.log(`found ${found}, missed ${missed.length}, false alarms ${wrong.length}`);
  console.log(`recall ${(recall * 100).toFixed(2)} %, precision ${(precision * 100).toFixed(2)} %`);
}
