import { parseHistory } from '../../dockerfile/history.js';
import type { ImageConfig } from '../../image/config.js';
import { isSecretName, redactValue } from '../../text/redact.js';

export type Mask = (text: string) => string;

/** Most values with blanks that are looked for in every instruction: a real image has none or two. */
const MOST_VALUES = 100;

/**
 * A mask that knows the image's own settings. History repeats `ENV NAME=a b c` without quotes, so that nobody can tell there where the
 * value ends; the config can, and so can the count of build arguments.
 */
export function maskOf({ env, labels, history }: ImageConfig, mask: Mask): Mask {
  const settings = [
    ...env,
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ...history.flatMap(({ createdBy, comment }) => parseHistory(createdBy, comment).buildArgs),
  ];
  const withBlanks = settings.filter((setting) => /\s/.test(setting) && maskSetting(setting, mask) !== mask(setting)).slice(0, MOST_VALUES);
  return (text) => mask(withBlanks.reduce((shown, setting) => shown.replaceAll(setting, () => maskSetting(setting, mask)), text));
}

/** `NAME=value`, where all behind the first `=` is the value. */
export function maskSetting(setting: string, mask: Mask): string {
  const name = setting.split('=', 1)[0] ?? '';
  const value = redactValue(name, setting.slice(name.length + 1));
  return value === undefined ? mask(setting) : `${name}=${value}`;
}

/** Words of a command: what follows `--password` is one. */
export function maskWords(words: readonly string[], mask: Mask): string[] {
  return words.map((word, index) => {
    const before = words[index - 1] ?? '';
    const value = before.startsWith('-') && isSecretName(before) ? redactValue(before, word) : undefined;
    return value ?? mask(word);
  });
}
