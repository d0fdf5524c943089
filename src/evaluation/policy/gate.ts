import type { ScannedImage } from '../../report/scanned.js';
import { redact } from '../../text/redact.js';
import type { Location, Vulnerability } from '../evaluation.js';
import type { AdvisoryAnswer } from '../vulnerability.js';
import type { Parameters, Values } from './parameter.js';
import type { RegexBudget } from './regex.js';

/** What rules look at: an image, and what is known of it today. */
export interface Scan {
  readonly image: ScannedImage;
  readonly advisories: AdvisoryAnswer | { readonly unavailable: string };
  readonly now: Date;
  /** Name of the Dockerfile, for locations. */
  readonly dockerfilePath: string;
  /** The stage of it that was built; undefined for the last. */
  readonly dockerfileTarget: string | undefined;
  /** How many of the image's layers came with the image it was built from; undefined where nobody knows. */
  readonly baseLayers: number | undefined;
  readonly budget: RegexBudget;
}

/** One thing that a trigger found. */
export interface Firing {
  readonly message: string;
  /** Where it is not the hash of gate, trigger and message. */
  readonly id?: string;
  /** What people are shown where the message itself must not be: it holds a secret. The id is the message's. */
  readonly shown?: string;
  readonly location?: Location;
  readonly vulnerability?: Vulnerability;
  /** What a package exception may name, where the finding is about a package but not about a vulnerability. */
  readonly package?: { readonly name: string; readonly version: string; readonly purl: string; readonly path?: string };
}

export interface Outcome {
  readonly firings: readonly Firing[];
  /** Why the rule could not be evaluated, or not in full: never to be taken for "nothing found". */
  readonly notEvaluated?: string;
  /** What a reader should know of how it was evaluated. */
  readonly notice?: string;
}

/** What a trigger is told of the rule it runs for. */
export interface RuleContext {
  readonly ruleId: string;
  readonly scan: Scan;
}

/** A trigger of a gate, as the list of gates holds it. `Prepared` is what its gate made of the image, once for all rules. */
export interface Trigger<Prepared = unknown> {
  /** Lower case: part of trigger ids. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly parameters: Parameters;
  readonly extension: boolean;
  /** How it differs from Anchore Engine's, each in a sentence. */
  readonly deviations: readonly string[];
  /** What is wrong with these values taken together, in a sentence; undefined where nothing is. */
  check(values: Readonly<Record<string, unknown>>): string | undefined;
  evaluate(prepared: Prepared, values: Readonly<Record<string, unknown>>, context: RuleContext): Outcome;
}

export interface Gate<Prepared = unknown> {
  /** Lower case: part of trigger ids. */
  readonly name: string;
  readonly description: string;
  readonly extension: boolean;
  readonly triggers: readonly Trigger<Prepared>[];
  prepare(scan: Scan): Prepared;
}

interface TriggerParts<Prepared, Definitions extends Parameters> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly description: string;
  readonly parameters: Definitions;
  readonly extension?: boolean;
  readonly deviations?: readonly string[];
  readonly check?: (values: Values<Definitions>) => string | undefined;
  readonly evaluate: (prepared: Prepared, values: Values<Definitions>, context: RuleContext) => Outcome;
}

/** Defines a trigger whose `evaluate` gets its parameters by name and type. */
export function trigger<Prepared, Definitions extends Parameters>(parts: TriggerParts<Prepared, Definitions>): Trigger<Prepared> {
  return {
    aliases: [],
    extension: false,
    deviations: [],
    ...parts,
    check: (values) => parts.check?.(values as Values<Definitions>),
    evaluate: (prepared, values, context) => parts.evaluate(prepared, values as Values<Definitions>, context),
  };
}

/** Defines a gate; its `Prepared` is forgotten, since nobody but the gate looks inside. */
export function gate<Prepared>(parts: Omit<Gate<Prepared>, 'extension'> & { readonly extension?: boolean }): Gate {
  return { extension: false, ...parts } as Gate;
}

export function fires(firings: readonly Firing[]): Outcome {
  return { firings };
}

export function notEvaluated(why: string): Outcome {
  return { firings: [], notEvaluated: why };
}

/** Where in the image a path is: with the layer that brought it, if the report says. */
export function locate(scan: Scan, path: string | undefined, layer: number | undefined, line?: number): Location {
  const reference = layer === undefined || layer < 0 ? undefined : layerReference(scan, layer);
  const fromBase = reference !== undefined && scan.baseLayers !== undefined ? reference.index < scan.baseLayers : undefined;
  return {
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    ...(reference === undefined ? {} : { layer: reference }),
    ...(fromBase === undefined ? {} : { fromBase }),
  };
}

function layerReference(scan: Scan, index: number): NonNullable<Location['layer']> | undefined {
  const layer = scan.image.layers.find((one) => one.index === index);
  return layer === undefined ? undefined : { index, diffId: layer.diffId, instruction: redact(layer.createdBy) };
}
