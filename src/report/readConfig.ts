import * as z from 'zod';
import type { ScannedConfig } from './scanned.js';

const list = z.array(z.string()).nullish().transform((value) => value ?? []);
const keys = z.record(z.string(), z.unknown()).nullish().transform((value) => Object.keys(value ?? {}));

/** `docker inspect`'s Config, which old reports may lack and other tools may cut. */
const schema = z.looseObject({
  User: z.string().nullish().transform((value) => value ?? ''),
  ExposedPorts: keys,
  Env: list,
  Cmd: list,
  Entrypoint: list,
  Volumes: keys,
  WorkingDir: z.string().nullish().transform((value) => value ?? ''),
  Labels: z.record(z.string(), z.string()).nullish().transform((value) => value ?? {}),
  OnBuild: list,
  StopSignal: z.string().nullish().transform((value) => value ?? ''),
  Healthcheck: z.looseObject({ Test: list }).nullish().transform((value) => value ?? null),
});

/** Null where there is none, or nothing of that shape. */
export function readConfig(value: unknown): ScannedConfig | null {
  const parsed = schema.safeParse(value);
  if (value === undefined || value === null || !parsed.success) return null;
  const { User, ExposedPorts, Env, Cmd, Entrypoint, Volumes, WorkingDir, Labels, OnBuild, StopSignal, Healthcheck } = parsed.data;
  return {
    user: User, exposedPorts: ExposedPorts, env: Env, cmd: Cmd, entrypoint: Entrypoint, volumes: Volumes, workingDir: WorkingDir,
    labels: Labels, onBuild: OnBuild, stopSignal: StopSignal, healthcheck: Healthcheck === null ? null : { test: Healthcheck.Test },
  };
}
