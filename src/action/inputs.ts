import { getInput, setSecret, warning } from '@actions/core';
import { OPTIONS, type OptionName, type RawOptions } from '../options.js';
import { nearest } from '../text/suggest.js';
import { readEvent } from './event.js';
import { FOREIGN_INPUTS } from './foreignInputs.js';

/** The inputs as the runner hands them over, `INPUT_NAME`; the token is masked in every log from here on. */
export function readInputs(env: NodeJS.ProcessEnv): RawOptions {
  const raw: RawOptions = {};
  for (const { name } of OPTIONS) raw[name] = getInput(name);
  if (raw['backend-token'] !== undefined && raw['backend-token'] !== '') setSecret(raw['backend-token']);
  warnOfUnknown(env);
  return withoutBackend(raw, env);
}

/** A misspelt input changes nothing, so somebody has to say it. */
function warnOfUnknown(env: NodeJS.ProcessEnv): void {
  const known = OPTIONS.map(({ name }): string => name);
  const given = Object.keys(env).filter((name) => name.startsWith('INPUT_')).map((name) => name.slice('INPUT_'.length).toLowerCase());
  for (const name of given.filter((one) => !known.includes(one))) warning(`There is no input ${name}: it was not used. ${advice(name, known)}`);
}

function advice(name: string, known: readonly string[]): string {
  const ours = Object.hasOwn(FOREIGN_INPUTS, name) ? FOREIGN_INPUTS[name] : undefined;
  if (ours !== undefined) return `Here it is ${ours}; docs/migrating.md says how.`;
  const [near] = nearest(name, known, 1);
  return `${near === undefined ? '' : `Did you mean ${near}? `}README lists all inputs.`;
}

/** Pull requests from forks and by Dependabot have no secrets: then this action evaluates by itself, and says so. */
function withoutBackend(raw: RawOptions, env: NodeJS.ProcessEnv): RawOptions {
  const given = (name: OptionName): boolean => raw[name] !== undefined && raw[name] !== '';
  if (!given('backend-url') || given('backend-token') || raw['dry-run'] === 'true' || !lacksSecrets(env)) return raw;
  warning('This pull request comes from a fork or from Dependabot and has no backend-token, so the image is evaluated here and nothing is sent to the backend.');
  return { ...raw, 'backend-url': '', 'backend-ca-cert': '' };
}

function lacksSecrets(env: NodeJS.ProcessEnv): boolean {
  return env['GITHUB_ACTOR'] === 'dependabot[bot]' || (env['GITHUB_EVENT_NAME'] === 'pull_request' && isFork(env));
}

/** Whether the pull request's commits come from another repository, or from one that is gone. A misspelt secret of one's own stays an error. */
function isFork(env: NodeJS.ProcessEnv): boolean {
  const { pull_request: pullRequest } = readEvent(env);
  return pullRequest !== undefined && pullRequest.head?.repo?.full_name.toLowerCase() !== env['GITHUB_REPOSITORY']?.toLowerCase();
}
