import type { Image } from '../../image/image.js';
import { configValues } from './config-values.js';
import type { ConfigValue } from './config-values.js';
import { secretDetector } from './detect.js';
import type { Detector } from './detect.js';
import { maskOf, type Mask } from './imageMask.js';
import { maskSecrets } from './mask.js';
import { RULES } from './rules/index.js';
import type { ConfigSecret } from './sections.js';

let detector: Detector | undefined;

/**
 * Secrets in the image's config, by place. Known examples count here: nobody documents in a config, and what stands in ENV is in use.
 * A value that history only repeats is told once, at its place in the config, with the instruction that set it.
 */
export function configSecrets(image: Image): ReadonlyMap<string, readonly ConfigSecret[]> {
  const found = new Map<string, ConfigSecret[]>();
  const owners = new Map<string, ConfigSecret[]>();
  const mask = maskOf(image.config, maskSecrets);
  for (const value of configValues(image.config)) {
    for (const { pattern, name, secret } of secretsOf(value)) {
      // a comment or a RUN that repeats an argument of its own instruction adds nothing either
      const owner = owners.get(secret);
      if (owner !== undefined) {
        owner.forEach((row, index) => row.history < 0 && value.history >= 0 && owner.splice(index, 1, { ...row, ...origin(image, value.history, mask) }));
        continue;
      }
      const rows = found.get(value.place) ?? [];
      rows.push({ name, pattern, lines: [0], ...origin(image, value.history, mask) });
      found.set(value.place, rows);
      owners.set(secret, rows);
    }
  }
  return found;
}

function secretsOf(value: ConfigValue): readonly { readonly name: string; readonly pattern: string; readonly secret: string }[] {
  detector ??= secretDetector(RULES);
  const bytes = Buffer.from(value.text, 'utf8');
  const kinds = detector(bytes, { place: 'environment', path: '', strict: false }).matches;
  const examples = detector(bytes, { place: 'settings', path: '', strict: true }).matches.filter(({ rule }) => rule.rank > 1);
  const all = [...kinds, ...examples.filter(({ start }) => !kinds.some((kind) => kind.start <= start && start < kind.end))];
  return all.map(({ rule, pattern, start, end }) => ({ name: rule.name, pattern, secret: bytes.toString('latin1', start, end) }));
}

function origin(image: Image, history: number, mask: Mask): Pick<ConfigSecret, 'layer' | 'history' | 'instruction'> {
  const layer = image.layers.find((one) => one.historyIndex === history && history >= 0)?.index ?? -1;
  const row = image.config.history[history];
  return { layer, history, instruction: row === undefined ? '' : mask(row.createdBy) };
}
