import type { Action } from '../evaluation.js';
import type { Gate, Trigger } from './gate.js';
import type { ImageRule, ImageSelector } from './imageMatch.js';
import type { Wildcard } from './wildcard.js';

/** Policies, and which of them applies to which image. Format: Anchore Engine's policy bundle, version 1_0. */
export interface Bundle {
  /** Name of the file, or of the built-in policy. */
  readonly source: string;
  readonly id: string;
  readonly name: string;
  /** In order; the first that matches an image says what applies to it. */
  readonly mappings: readonly Mapping[];
  readonly allowedImages: readonly ImageRule[];
  readonly deniedImages: readonly ImageRule[];
}

export interface Mapping {
  readonly id: string;
  readonly name: string;
  readonly selector: ImageSelector;
  readonly policies: readonly Policy[];
  readonly allowLists: readonly AllowList[];
}

export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly id: string;
  readonly gateName: string;
  readonly triggerName: string;
  /** Absent for a gate that has ended: why it is not evaluated. */
  readonly evaluated: { readonly gate: Gate; readonly trigger: Trigger; readonly values: Readonly<Record<string, unknown>> } | { readonly ended: string };
  readonly action: Action;
  /** Which control of a standard it supports. */
  readonly control?: string;
  /** What to do about its findings, in a sentence. */
  readonly remediation?: string;
}

export interface AllowList {
  readonly id: string;
  readonly name: string;
  readonly items: readonly AllowListItem[];
}

export interface AllowListItem {
  readonly id: string;
  /** Lower case. */
  readonly gate: string;
  readonly triggerId: Wildcard;
  readonly comment: string;
  /** RFC 3339, or undefined where it does not expire. */
  readonly expires?: string;
}
