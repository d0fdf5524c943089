import { hidden, redact } from '../../text/redact.js';
import { secretDetector } from './detect.js';
import type { Detector } from './detect.js';
import { RULES } from './rules/index.js';

/** Longest text that is masked piece by piece; of a longer one only the beginning is shown. An instruction is hardly ever above 4 kB. */
const MAX_MASKED = 256 * 1024;

let detector: Detector | undefined;

/**
 * The text with every secret in it replaced by `***`, whether it is known by its form or by the name it is given to: for instructions
 * of history, ENV values and whatever else of an image is shown to people, stored or sent. Known examples and weak values are masked
 * too: here it is better to hide one too many. Lines keep their numbers.
 */
export function maskSecrets(text: string): string {
  return redact(withoutKnownForms(text));
}

function withoutKnownForms(text: string): string {
  detector ??= secretDetector(RULES);
  const bytes = Buffer.from(text.slice(0, MAX_MASKED), 'utf8');
  const { matches, complete } = detector(bytes, { place: 'environment', path: '', strict: true });
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of matches) {
    pieces.push(bytes.toString('utf8', from, start), hidden(bytes.toString('utf8', start, end)));
    from = end;
  }
  // what was not looked at is not shown
  if (!complete) return pieces.join('');
  pieces.push(bytes.toString('utf8', from));
  return pieces.join('');
}
