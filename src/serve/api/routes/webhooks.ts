import { randomBytes, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Context } from '../../context.js';
import { leadsInside } from '../../webhookTargets.js';
import { Fault } from '../fault.js';
import type { Answered, Asked, Route } from '../route.js';

/** Whom to tell when a verdict changes. */
export function webhookRoutes(context: Context): Route[] {
  return [
    { method: 'GET', path: '/webhooks', summary: 'The account\'s webhooks, without their secrets', access: 'read', answer: async ({ account }) => ({ body: (await context.store.webhooks(account.name)).map(({ id, url }) => ({ id, url })) }) },
    { method: 'POST', path: '/webhooks', summary: 'Add a webhook; the answer holds the secret that signs, once', access: 'scan', sends: 'json', answer: (asked) => add(context, asked) },
    { method: 'DELETE', path: '/webhooks/{id}', summary: 'Remove a webhook', access: 'scan', answer: (asked) => remove(context, asked) },
  ];
}

const schema = z.object({ url: z.url({ protocol: /^https?$/ }).max(2000) });

/** An account has few; each event is as many requests. */
const MOST = 20;

async function add({ store, letInside }: Context, asked: Asked): Promise<Answered> {
  const parsed = schema.safeParse(await asked.json());
  if (!parsed.success) throw new Fault(400, 'A webhook needs {"url": "https://…"}.');
  if (!letInside && leadsInside(parsed.data.url)) throw new Fault(400, 'The webhook leads to this machine or its networks. Those who run the server may allow that, with --private-webhooks.');
  const { name } = asked.account;
  if ((await store.webhooks(name)).length >= MOST) throw new Fault(409, `An account has at most ${MOST} webhooks. Remove one first.`);
  const webhook = { id: randomUUID(), url: parsed.data.url, secret: randomBytes(32).toString('hex') };
  await store.addWebhook(name, webhook);
  return { status: 201, body: webhook };
}

async function remove({ store }: Context, { account, path }: Asked): Promise<Answered> {
  if (!await store.deleteWebhook(account.name, path['id'] ?? '')) throw new Fault(404, 'There is no such webhook.');
  return { body: true };
}
