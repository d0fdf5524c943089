// Imports that were changed at random, the same for the same seed: bytes of the form, of the archive, of the text of its members, and headers.
import { gunzipSync, gzipSync } from 'node:zlib';
import { importOf } from './archives.js';

/** A generator of numbers below 2^32 (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

const TEXTS = ['null', '{}', '[]', '""', '-1', '1e999', '"__proto__"', '"\\u0000"', '"\\ud800"', "' OR 1=1 --", '../../../etc/passwd', '<script>', '9007199254740993', '\u0000'];
const HEADERS = ['imageId', 'digestId', 'imageName', 'content-type'];

/** Changes some bytes: flips, cuts, doubles, or puts a text in. */
function changeBytes(bytes, roll) {
  const at = roll() % Math.max(1, bytes.length);
  const to = Math.min(bytes.length, at + 1 + roll() % 64);
  switch (roll() % 5) {
    case 0: { const copy = Buffer.from(bytes); copy[at] = roll() % 256; return copy; }
    case 1: return bytes.subarray(0, at);
    case 2: return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 3: return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    default: return Buffer.concat([bytes.subarray(0, at), Buffer.from(TEXTS[roll() % TEXTS.length]), bytes.subarray(to)]);
  }
}

/** Puts a value where another was, in the JSON of the archive: the tar around it stays whole where the length does. */
function changeJson(tar, roll) {
  const text = tar.toString('latin1');
  const values = [...text.matchAll(/"(?:[^"\\]|\\.)*"|\b\d+\b/g)];
  const chosen = values[roll() % values.length];
  if (chosen === undefined) return tar;
  const put = TEXTS[roll() % TEXTS.length].slice(0, chosen[0].length).padEnd(chosen[0].length);
  return Buffer.from(text.slice(0, chosen.index) + put + text.slice(chosen.index + chosen[0].length), 'latin1');
}

export function* mutations(image, { seed, runs }) {
  const roll = dice(seed);
  const tar = gunzipSync(image.archive);
  for (let run = 0; run < runs; run += 1) {
    const kind = roll() % 8;
    if (kind === 0) {
      const { headers, body } = importOf(image);
      yield { headers, body: changeBytes(body, roll) };
    } else if (kind === 1) {
      yield importOf({ ...image, archive: changeBytes(image.archive, roll) });
    } else if (kind === 2) {
      const { headers, body } = importOf(image);
      const name = HEADERS[roll() % HEADERS.length];
      yield { headers: { ...headers, [name]: changeBytes(Buffer.from(headers[name]), roll).toString('latin1').replace(/[^\x20-\x7e]/g, '?') }, body };
    } else if (kind < 5) {
      yield importOf({ ...image, archive: gzipSync(changeBytes(tar, roll), { level: 1 }) });
    } else {
      yield importOf({ ...image, archive: gzipSync(changeJson(tar, roll), { level: 1 }) });
    }
  }
}
