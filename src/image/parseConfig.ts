import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ImageError } from '../errors.js';
import type { HistoryRow, ImageConfig } from './config.js';
import { parseDocument } from './json.js';

const text = z.string().nullish().transform((value) => value ?? '');
const list = z.array(z.string()).nullish().transform((value) => value ?? []);
/** Go marshals an empty command as null, old builders a single one as a string. */
const command = z.union([z.string().transform((value) => [value]), list]);
const keys = z.record(z.string(), z.unknown()).nullish().transform((value) => Object.keys(value ?? {}));

const SettingsSchema = z.object({
  User: text,
  ExposedPorts: keys,
  Env: list,
  Cmd: command,
  Entrypoint: command,
  Shell: list,
  OnBuild: list,
  Volumes: keys,
  WorkingDir: text,
  Labels: z.record(z.string(), z.string().nullable().transform((value) => value ?? '')).nullish().transform((value) => value ?? {}),
  StopSignal: text,
  Healthcheck: z.object({ Test: list }).nullish(),
});

const HistorySchema = z.object({ created: text, created_by: text, comment: text, empty_layer: z.boolean().nullish() })
  .transform((row): HistoryRow => ({ created: row.created, createdBy: row.created_by, comment: row.comment, emptyLayer: row.empty_layer ?? false }));

const ConfigSchema = z.object({
  architecture: text,
  variant: text,
  os: text,
  created: text,
  author: text,
  config: SettingsSchema.nullish().transform((settings) => settings ?? SettingsSchema.parse({})),
  rootfs: z.object({ diff_ids: z.array(z.string().regex(/^sha256:[0-9a-f]{64}$/)).nullish().transform((ids) => ids ?? []) }),
  history: z.array(HistorySchema).nullish().transform((rows) => rows ?? []),
});

/**
 * Reads an image's config: OCI image specification 1.1, config.md, and Docker's.
 * @throws ImageError when it is no config, or one of a Windows image.
 */
export function parseConfig(bytes: Buffer): ImageConfig {
  const config = parseDocument(bytes, "The image's config", ConfigSchema);
  if (config.os.toLowerCase() === 'windows') {
    throw new ImageError('The image is a Windows image, whose layers are laid out otherwise and are not scanned. Scan a Linux image.');
  }
  const { config: settings } = config;
  return {
    imageId: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    architecture: config.architecture,
    variant: config.variant,
    os: config.os,
    created: config.created,
    author: config.author,
    user: settings.User,
    exposedPorts: settings.ExposedPorts,
    env: settings.Env,
    cmd: settings.Cmd,
    entrypoint: settings.Entrypoint,
    shell: settings.Shell,
    onBuild: settings.OnBuild,
    volumes: settings.Volumes,
    workingDir: settings.WorkingDir,
    labels: settings.Labels,
    stopSignal: settings.StopSignal,
    ...(settings.Healthcheck ? { healthcheck: { test: settings.Healthcheck.Test } } : {}),
    diffIds: config.rootfs.diff_ids,
    history: config.history,
    raw: JSON.parse(bytes.toString('utf8')) as Record<string, unknown>,
  };
}
