import type { Context } from '../../context.js';
import { Fault } from '../fault.js';
import type { Answered, Asked, Route } from '../route.js';

/** Tokens of the account. They are made by those who run the server alone: a token that leaked makes no others, and can be revoked. */
export function tokenRoutes(context: Context): Route[] {
  return [
    { method: 'GET', path: '/tokens', summary: 'The account\'s tokens: ids, and when they were made', access: 'read', answer: (asked) => list(context, asked) },
    { method: 'DELETE', path: '/tokens/{id}', summary: 'Revoke a token, at once', access: 'scan', answer: (asked) => revoke(context, asked) },
  ];
}

async function list({ store }: Context, { account }: Asked): Promise<Answered> {
  const tokens = await store.tokens(account.name);
  return { body: tokens.map(({ id, role, createdAt }) => ({ id, role, created_at: new Date(createdAt).toISOString() })) };
}

async function revoke({ store }: Context, { account, path }: Asked): Promise<Answered> {
  if (!await store.deleteToken(path['id'] ?? '', account.name)) throw new Fault(404, 'There is no such token.');
  return { body: true };
}
