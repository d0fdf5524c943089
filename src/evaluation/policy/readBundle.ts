import type { z } from 'zod';
import { InputError } from '../../errors.js';
import { readConfigFile, type ConfigFile } from '../configFile.js';
import type { AllowList, Bundle, Mapping, Policy, Rule } from './bundle.js';
import { allowListSchema, bundleSchema, policySchema, ruleSchema, type mappingSchema } from './bundleSchema.js';
import { explainIssue } from './explainIssue.js';
import { endedGate, findGate, findTrigger, GATES } from './gates/index.js';
import type { ImageRule, ImageSelector } from './imageMatch.js';
import { readParameters } from './parameter.js';
import { translateKeys } from './vocabulary.js';
import { wildcard, type Wildcard } from './wildcard.js';

type Path = readonly PropertyKey[];

/**
 * Reads a bundle, a policy, or a list of policies. The latter two apply to every image.
 * Throws InputError, with file, line and what is allowed, for whatever cannot be understood: that never becomes a pass.
 */
export function readBundle(file: string, text: string): Bundle {
  return new BundleReader(readConfigFile(file, text)).read();
}

interface RawSelector {
  readonly registry: string;
  readonly repository: string;
  readonly image: { readonly type: 'tag' | 'digest' | 'id'; readonly value: string };
}

class BundleReader {
  private readonly config: ConfigFile;
  private written: ReadonlyMap<string, string> = new Map();
  /** Where the bundle is in the file: Anchore's API wraps it. */
  private root: Path = [];

  constructor(config: ConfigFile) {
    this.config = config;
  }

  read(): Bundle {
    const whole = this.unwrap(this.config.value);
    if (Array.isArray(whole)) return this.everyImage(whole, []);
    if (typeof whole !== 'object' || whole === null) throw this.error([], 'this is neither a bundle nor a policy: it has to be an object with policies and mappings, or one with rules');
    const { value, written } = this.attempt([], () => translateKeys(whole));
    this.written = written;
    const object = value as Record<string, unknown>;
    if ('rules' in object) return this.everyImage([object], []);
    if (!('policies' in object)) throw this.error([], 'this is neither a bundle (policies and mappings) nor a policy (rules)');
    if (!('mappings' in object) && Array.isArray(object['policies'])) return this.everyImage(object['policies'], ['policies']);
    return this.bundle(object);
  }

  private unwrap(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('policybundle' in value)) return value;
    this.root = ['policybundle'];
    return value.policybundle;
  }

  private everyImage(policies: readonly unknown[], at: Path): Bundle {
    if (policies.length === 0) throw this.error(at, 'the list of policies is empty, and nothing would be evaluated');
    const compiled = policies.map((policy, index) => this.policy(policy, this.config.value === policy || at.length === 0 && policies.length === 1 && !Array.isArray(this.config.value) ? [] : [...at, index]));
    this.unique(compiled.map(({ id }) => id), at, 'policy');
    const first = compiled[0] as Policy;
    const any = wildcard('*');
    const selector: ImageSelector = { registry: any, repository: any, image: { type: 'tag', tag: any } };
    return {
      source: this.config.file,
      id: first.id,
      name: first.name,
      mappings: [{ id: 'every image', name: 'every image', selector, policies: compiled, allowLists: [] }],
      allowedImages: [],
      deniedImages: [],
    };
  }

  private bundle(value: Record<string, unknown>): Bundle {
    const raw = this.parse(bundleSchema, value, []);
    this.unique(raw.policies.map(({ id }) => id), ['policies'], 'policy');
    this.unique(raw.whitelists.map(({ id }) => id), ['whitelists'], 'allow list');
    const policies = new Map<string, Policy>();
    const allowLists = new Map<string, AllowList>();
    const mappings = raw.mappings.map((mapping, index) => this.mapping(mapping, ['mappings', index], {
      policy: (id, path) => this.reference(policies, raw.policies, id, path, 'policy', (policy, at) => this.policy(policy, ['policies', at])),
      allowList: (id, path) => this.reference(allowLists, raw.whitelists, id, path, 'allow list', (list, at) => this.allowList(list, ['whitelists', at])),
    }));
    return {
      source: this.config.file,
      id: raw.id,
      name: raw.name === '' ? raw.id : raw.name,
      mappings,
      allowedImages: raw.whitelisted_images.map((rule, index) => this.imageRule(rule, ['whitelisted_images', index])),
      deniedImages: raw.blacklisted_images.map((rule, index) => this.imageRule(rule, ['blacklisted_images', index])),
    };
  }

  /** Compiles what a mapping refers to, once; what no mapping refers to is never looked at. */
  private reference<Raw extends { readonly id: string }, Compiled>(known: Map<string, Compiled>, all: readonly Raw[], id: string, path: Path, noun: string, compile: (raw: Raw, at: number) => Compiled): Compiled {
    const compiled = known.get(id);
    if (compiled !== undefined) return compiled;
    const at = all.findIndex((one) => one.id === id);
    const raw = all[at];
    if (raw === undefined) throw this.error(path, `there is no ${noun} ${JSON.stringify(id)}; there are: ${all.map((one) => one.id).join(', ') || 'none'}`);
    const made = compile(raw, at);
    known.set(id, made);
    return made;
  }

  private mapping(raw: z.infer<typeof mappingSchema>, path: Path, find: { policy(id: string, path: Path): Policy; allowList(id: string, path: Path): AllowList }): Mapping {
    if ((raw.policy_id === undefined) === (raw.policy_ids === undefined)) throw this.error(path, 'a mapping has either policy_id or policy_ids');
    const policyIds = raw.policy_ids ?? [raw.policy_id as string];
    return {
      id: raw.id === '' ? String(Number(path.at(-1)) + 1) : raw.id,
      name: raw.name,
      selector: this.selector(raw, path),
      policies: policyIds.map((id, index) => find.policy(id, [...path, 'policy_ids', index])),
      allowLists: raw.whitelist_ids.map((id, index) => find.allowList(id, [...path, 'whitelist_ids', index])),
    };
  }

  private imageRule(raw: { readonly id: string; readonly name: string } & RawSelector, path: Path): ImageRule {
    return { id: raw.id, name: raw.name, selector: this.selector(raw, path) };
  }

  private selector({ registry, repository, image }: RawSelector, path: Path): ImageSelector {
    const pattern = (text: string, name: string): Wildcard => this.attempt(path, () => wildcard(text), `${name} ${JSON.stringify(text)}: `);
    return {
      registry: pattern(registry, 'registry'),
      repository: pattern(repository, 'repository'),
      image: image.type === 'tag' ? { type: 'tag', tag: pattern(image.value, 'tag') } : { type: image.type, value: this.digest(image.value, image.type, path) },
    };
  }

  /** One that is misspelled would match no image, and so deny none. */
  private digest(value: string, type: string, path: Path): string {
    const hex = value.trim().toLowerCase().replace(/^sha256:/, '');
    if (!/^[0-9a-f]{64}$/.test(hex)) throw this.error([...path, 'image'], `${JSON.stringify(value)} is no ${type} of an image, such as sha256: and 64 hex digits`);
    return hex;
  }

  private policy(value: unknown, path: Path): Policy {
    const named = typeof value === 'object' && value !== null && !('id' in value) ? { ...value, id: this.nameOfFile() } : value;
    const raw = this.parse(policySchema, named, path);
    const rules = raw.rules.map((rule, index) => this.rule(rule, raw.id, index, [...path, 'rules', index]));
    return { id: raw.id, name: raw.name === '' ? raw.id : raw.name, rules };
  }

  private nameOfFile(): string {
    return (this.config.file.split(/[\\/]/).at(-1) as string).replace(/\.(?:json|ya?ml)$/i, '');
  }

  private rule(value: unknown, policyId: string, index: number, path: Path): Rule {
    const raw = this.parse(ruleSchema, value, path, this.ruleName(value, policyId, index));
    const id = raw.id ?? `${policyId}.${index + 1}`;
    const say = (message: string, at: Path = path): InputError => this.error(at, `rule ${JSON.stringify(id)}: ${message}`);
    const about = {
      id,
      action: raw.action,
      ...(raw.control === undefined ? {} : { control: raw.control }),
      ...(raw.recommendation === undefined ? {} : { remediation: raw.recommendation }),
    };
    const gate = findGate(raw.gate);
    if (gate === undefined) {
      const successor = endedGate(raw.gate);
      if (successor === undefined) throw say(`there is no gate ${JSON.stringify(raw.gate)}; allowed: ${GATES.map(({ name }) => name).join(', ')}`, [...path, 'gate']);
      const ended = `the gate ${raw.gate} has ended${successor === '' ? ', and nothing took its place' : `: write the rule for the gate ${successor}`}`;
      return { ...about, gateName: raw.gate.toLowerCase(), triggerName: raw.trigger.toLowerCase(), evaluated: { ended } };
    }
    const trigger = findTrigger(gate, raw.trigger);
    if (trigger === undefined) {
      throw say(`the gate ${gate.name} has no trigger ${JSON.stringify(raw.trigger)}; allowed: ${gate.triggers.map(({ name }) => name).join(', ')}`, [...path, 'trigger']);
    }
    let values: Readonly<Record<string, unknown>>;
    try {
      values = readParameters(trigger.parameters, raw.params);
    } catch (error) {
      throw say(`${gate.name}.${trigger.name}: ${(error as Error).message}`, this.parameterPath(raw.params, (error as Error).message, path));
    }
    const wrong = trigger.check(values);
    if (wrong !== undefined) throw say(`${gate.name}.${trigger.name}: ${wrong}`, [...path, 'params']);
    return { ...about, gateName: gate.name, triggerName: trigger.name, evaluated: { gate, trigger, values } };
  }

  /** The parameter that a message begins with, so that its line can be told. */
  private parameterPath(params: readonly { readonly name: string }[], message: string, path: Path): Path {
    const name = /^the parameter "([^"]+)"/.exec(message)?.[1];
    const index = params.findIndex((one) => one.name.toLowerCase() === name?.toLowerCase());
    return index < 0 ? path : [...path, 'params', index];
  }

  private ruleName(value: unknown, policyId: string, index: number): string {
    const id = typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : `${policyId}.${index + 1}`;
    return `rule ${JSON.stringify(id)}: `;
  }

  private allowList(value: unknown, path: Path): AllowList {
    const raw = this.parse(allowListSchema, value, path);
    const items = raw.items.map((item, index) => {
      const at = [...path, 'items', index];
      const expires = item.expires_on ?? undefined;
      if (expires !== undefined && Number.isNaN(Date.parse(expires))) throw this.error(at, `${JSON.stringify(expires)} is no date such as 2026-12-31T00:00:00Z`);
      return {
        id: item.id === '' ? `${raw.id}.${index + 1}` : item.id,
        gate: item.gate.toLowerCase(),
        triggerId: this.attempt(at, () => wildcard(item.trigger_id)),
        comment: item.comment,
        ...(expires === undefined ? {} : { expires }),
      };
    });
    return { id: raw.id, name: raw.name === '' ? raw.id : raw.name, items };
  }

  private unique(ids: readonly string[], path: Path, noun: string): void {
    const at = ids.findIndex((id, index) => ids.indexOf(id) !== index);
    if (at >= 0) throw this.error([...path, at], `the ${noun} id ${JSON.stringify(ids[at])} is there twice`);
  }

  private parse<Schema extends z.ZodType>(schema: Schema, value: unknown, path: Path, prefix = ''): z.infer<Schema> {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    throw this.error([...path, ...issue.path], prefix + explainIssue(issue, schema));
  }

  private attempt<Result>(path: Path, run: () => Result, prefix = ''): Result {
    try {
      return run();
    } catch (error) {
      throw error instanceof InputError ? error : this.error(path, prefix + (error as Error).message);
    }
  }

  private error(path: Path, message: string): InputError {
    const asWritten = [...this.root, ...path.map((key) => (typeof key === 'string' ? this.written.get(key) ?? key : key))];
    const text = message.endsWith('.') ? message : `${message}.`;
    return new InputError(`${this.config.file}, line ${this.config.lineOf(asWritten)}: ${text}`);
  }
}
