import type { Analyzer, Section } from '../analyzer.js';
import { maskSecrets } from '../secrets/mask.js';
import { nodeAt } from './links.js';
import { textOf } from './paths.js';
import { readUnit, type UnitFact } from './services/unit.js';

const FOLDERS = '(?:etc|run|lib|usr/lib|usr/local/lib)/systemd/system';
const UNIT = new RegExp(`^${FOLDERS}/[^/]+\\.(?:service|socket|timer|path|mount)$`);
/** A link in such a folder is how a unit is enabled: `multi-user.target.wants/ssh.service`. */
const ENABLED = new RegExp(`^/${FOLDERS}/([^/]+)\\.(wants|requires)/([^/]+)$`);

/** The longest unit files have some 10 kB. */
const LONGEST_UNIT = 256 * 1024;

/**
 * Units of systemd that are enabled. A container hardly ever runs systemd, but an image that is made like a virtual machine does;
 * and what is enabled tells what its packages meant to run. Section `services`, output `systemd.units`: name of the unit →
 * `{path, enabled_by, description, user, commands, listens, times}`; secrets in commands are masked.
 */
export const units: Analyzer<UnitFact> = {
  name: 'units',
  description: 'Enabled units of systemd: what they run, as whom, where they listen.',
  version: 1,
  wants: ({ path }) => (UNIT.test(path) ? { limit: LONGEST_UNIT, beyond: 'problem' } : 'nothing'),
  analyze: (_, bytes) => readUnit(textOf(bytes)),
  goesThrough: (path) => ENABLED.test(path),
  report(view) {
    const facts = new Map([...view.facts()].map(({ path, fact }) => [path, fact]));
    const enabledBy = new Map<string, Set<string>>();
    const paths = new Map<string, string>();
    for (const path of view.image.flattened.nodes.keys()) {
      const [, by, , unit] = ENABLED.exec(path) ?? [];
      if (by === undefined || unit === undefined) continue;
      enabledBy.set(unit, (enabledBy.get(unit) ?? new Set()).add(by));
      const target = nodeAt(view.image.flattened, path)?.path;
      if (target !== undefined) paths.set(unit, target);
    }
    const rows = [...enabledBy].map(([unit, by]): [string, string] => {
      const path = paths.get(unit) ?? '';
      return [unit, JSON.stringify({ path, enabled_by: [...by].sort(), ...shown(facts.get(path)) })];
    });
    const section: Section = Object.fromEntries(rows);
    return { services: { 'systemd.units': section } };
  },
};

function shown(fact: UnitFact | undefined): Partial<UnitFact> {
  return fact === undefined ? {} : { ...fact, commands: fact.commands.map(maskSecrets) };
}
