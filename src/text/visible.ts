/** What a person cannot see, or what turns the direction of writing, so that one name passes for another: shown as a replacement character. */
const INVISIBLE = /\p{Cf}|\p{Cs}|\u034f|\u17b4|\u17b5|[\u115f\u1160\u2800\u3164\uffa0]/gu;

/** Breaks of lines and control characters. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Marks that stand on one letter; more of them run over the lines around it. */
const HEAPED_MARKS = /(\p{M}{3})\p{M}+/gu;

/** Text on one line, of which all can be seen: names of an image may hold breaks, escapes and marks that hide what they are. Half a surrogate pair becomes a replacement character. */
export function visible(text: string): string {
  return text.replace(CONTROL, ' ').replace(INVISIBLE, '\ufffd').replace(HEAPED_MARKS, '$1');
}
