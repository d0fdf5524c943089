import * as z from 'zod';
import { BackendError } from '../../../errors.js';
import type { Answer, HttpClient } from '../../../http/client.js';
import type { Query } from '../packages.js';
import { baseOf } from '../versions/index.js';

/** Queries a call, as the service allows. */
export const MOST_QUERIES = 1000;
/** A service that pages on and on is not the service. */
const MOST_PAGES = 200;
/**
 * Systems that are asked about by their plain name, under which the service files every record, too; the records themselves say what they are about.
 * Red Hat's streams have names that we do not build, and an image of SUSE's has packages of eleven products: each would be a query of its own.
 */
const ASKED_BY_BASE = new Set(['Red Hat', 'SUSE']);

/** A query as the service is asked it: several of ours may be one of these. */
export function asAsked({ ecosystem, name, version, binary }: Query): Query {
  const base = baseOf(ecosystem);
  return { ecosystem: ASKED_BY_BASE.has(base) ? base : ecosystem, name, version, binary };
}

/** A record that is about what was asked, as the service names it. */
export const found = z.object({ id: z.string().min(1).max(200), modified: z.string() });
const batchAnswer = z.object({
  results: z.array(z.object({ vulns: z.array(found).nullish(), next_page_token: z.string().nullish() })),
});

type Found = z.infer<typeof found>;

interface Pending {
  readonly key: string;
  readonly query: Query;
  readonly token: string | null;
}

/** Asks in calls of at most 1,000 queries, and again for those whose answers have another page. */
export async function askAll(client: HttpClient, missing: readonly (readonly [string, Query])[]): Promise<Map<string, Found[]>> {
  const answers = new Map<string, Found[]>(missing.map(([key]) => [key, []]));
  let pending: readonly Pending[] = missing.map(([key, query]) => ({ key, query, token: null }));
  for (let page = 0; pending.length > 0; page++) {
    if (page >= MOST_PAGES) throw new BackendError('The advisories’ service pages without end. Check INLINE_SCAN_OSV_URL and the proxy.');
    const next: Pending[] = [];
    for (let start = 0; start < pending.length; start += MOST_QUERIES) {
      const asked = pending.slice(start, start + MOST_QUERIES);
      const results = await askBatch(client, asked);
      asked.forEach((one, index) => {
        const result = results[index];
        answers.get(one.key)?.push(...(result?.vulns ?? []));
        if (result?.next_page_token) next.push({ ...one, token: result.next_page_token });
      });
    }
    pending = next;
  }
  return answers;
}

async function askBatch(client: HttpClient, asked: readonly Pending[]): Promise<z.infer<typeof batchAnswer>['results']> {
  const queries = asked.map(({ query, token }) => ({
    package: { name: query.name, ecosystem: query.ecosystem },
    version: query.version,
    ...(token === null ? {} : { page_token: token }),
  }));
  const body = JSON.stringify({ queries });
  const answer = await client.send({ method: 'POST', path: '/v1/querybatch', headers: { 'content-type': 'application/json' }, body: () => body, idempotent: true });
  const parsed = batchAnswer.safeParse(jsonOf(answer, 'POST /v1/querybatch'));
  if (!parsed.success) throw new BackendError(`The advisories\u2019 service sent something that is no answer to POST /v1/querybatch (${parsed.error.issues[0]?.message ?? 'unknown'}). Check INLINE_SCAN_OSV_URL and the proxy.`);
  if (parsed.data.results.length !== asked.length) throw new BackendError(`The advisories\u2019 service answered ${parsed.data.results.length} of ${asked.length} queries. Run the step again.`);
  return parsed.data.results;
}

/** @throws BackendError where an answer is not 200, or no JSON */
export function jsonOf(answer: Answer, what: string): unknown {
  if (answer.status !== 200) throw new BackendError(`The advisories\u2019 service answered ${answer.status} to ${what}. Run the step again later, or give a directory of advisories.`);
  try {
    return JSON.parse(answer.body.toString('utf8')) as unknown;
  } catch (error) {
    throw new BackendError(`The advisories\u2019 service sent something that is no JSON to ${what}. Check INLINE_SCAN_OSV_URL and the proxy.`, { cause: error });
  }
}
