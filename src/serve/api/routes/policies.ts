import { InputError } from '../../../errors.js';
import { BUILT_IN } from '../../../evaluation/policy/builtin/index.js';
import { describeGates } from '../../../evaluation/policy/describeGates.js';
import { readBundle } from '../../../evaluation/policy/readBundle.js';
import type { Context } from '../../context.js';
import type { StoredPolicy } from '../../store/store.js';
import { Fault } from '../fault.js';
import type { Answered, Asked, Route } from '../route.js';

/** Policies of an account: uploaded, versioned, one of them active. Without any, `default` applies. */
export function policyRoutes(context: Context): Route[] {
  return [
    { method: 'GET', path: '/policies', summary: 'The account\'s policies, all versions', access: 'read', answer: (asked) => list(context, asked) },
    { method: 'POST', path: '/policies', summary: 'Upload a bundle: a new policy, or a new version of one', access: 'scan', sends: 'json', answer: (asked) => upload(context, asked) },
    { method: 'GET', path: '/policies/{id}', summary: 'The latest version of a policy', access: 'read', answer: (asked) => one(context, asked) },
    { method: 'PUT', path: '/policies/{id}/activate', summary: 'Have this policy decide', access: 'scan', answer: (asked) => activate(context, asked) },
    { method: 'DELETE', path: '/policies/{id}', summary: 'Forget a policy that is not active', access: 'scan', answer: (asked) => remove(context, asked) },
    { method: 'GET', path: '/anchore/system/policy_spec', summary: 'Every gate, trigger and parameter', access: 'read', answer: async () => ({ body: describeGates() }) },
    { method: 'GET', path: '/builtin/policies', summary: 'Names of the built-in policies', access: 'read', answer: async () => ({ body: BUILT_IN.map(({ name }) => name) }) },
  ];
}

/** Of a policy: it is part of a key of the database, and of a path. */
const LONGEST_ID = 200;

function describe({ id, version, name, active, createdAt }: StoredPolicy): Record<string, unknown> {
  return { policyId: id, id, version, name, active, created_at: new Date(createdAt).toISOString() };
}

async function list({ store }: Context, { account }: Asked): Promise<Answered> {
  return { body: (await store.policies(account.name)).map(describe) };
}

async function one({ store }: Context, { account, path }: Asked): Promise<Answered> {
  const policy = (await store.policies(account.name)).findLast(({ id }) => id === path['id']);
  if (policy === undefined) throw new Fault(404, 'There is no such policy.');
  return { body: { ...describe(policy), policybundle: JSON.parse(policy.text) as unknown } };
}

async function upload({ store, now }: Context, asked: Asked): Promise<Answered> {
  const body = await asked.json();
  const text = JSON.stringify(body);
  try {
    const { id, name } = readBundle('The bundle', text);
    if (id.length > LONGEST_ID || name.length > LONGEST_ID) throw new Fault(400, `The bundle's id and name have at most ${LONGEST_ID} characters.`);
    const version = await store.addPolicy(asked.account.name, { id, name, text }, now().getTime());
    return { status: 201, body: { id, policyId: id, name, version } };
  } catch (error) {
    // what cannot be understood is not stored, so it can never be a pass
    if (error instanceof InputError) throw new Fault(400, error.message);
    throw error;
  }
}

async function activate({ store }: Context, { account, path }: Asked): Promise<Answered> {
  if (!await store.activatePolicy(account.name, path['id'] ?? '')) throw new Fault(404, 'There is no such policy.');
  return { body: { active: path['id'] } };
}

async function remove({ store }: Context, { account, path }: Asked): Promise<Answered> {
  if (await store.deletePolicy(account.name, path['id'] ?? '')) return { body: true };
  const isThere = (await store.policies(account.name)).some(({ id }) => id === path['id']);
  throw isThere ? new Fault(409, 'The policy is active. Activate another first.') : new Fault(404, 'There is no such policy.');
}
