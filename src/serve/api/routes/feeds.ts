import type { VulnerabilityMatch } from '../../../evaluation/vulnerability.js';
import type { Context } from '../../context.js';
import { Fault } from '../fault.js';
import { notNow } from '../notNow.js';
import type { Answered, Asked, Route } from '../route.js';

/** Where advisories come from, and what they say of a vulnerability that an image of the account has. */
export function feedRoutes(context: Context): Route[] {
  const feeds: Route['answer'] = () => feedsAnswer(context);
  return [
    { method: 'GET', path: '/system/feeds', summary: 'The advisories in use, and how new they are', access: 'read', answer: feeds },
    { method: 'GET', path: '/anchore/system/feeds', summary: 'The same, as Anchore has it', access: 'read', answer: feeds },
    {
      method: 'GET', path: '/anchore/query/vulnerabilities', summary: 'Descriptions of vulnerabilities that images of the account have', access: 'read',
      query: { id: 'ids, with commas between', namespace: 'ignored: every source is asked' }, answer: (asked) => describeVulnerabilities(context, asked),
    },
  ];
}

async function feedsAnswer({ advisories }: Context): Promise<Answered> {
  if (advisories === null) return { body: [] };
  const groups = (await advisories.feeds()).map(({ ecosystem, updatedAt }) => ({ name: ecosystem, created_at: updatedAt, last_sync: updatedAt, record_count: null }));
  const newest = groups.map(({ last_sync }) => last_sync).sort().at(-1) ?? null;
  return { body: [{ name: advisories.spec, enabled: true, created_at: newest, updated_at: newest, last_full_sync: newest, groups }] };
}

/** Ids of one question, and images that are read for it: clients ask for those of one image. */
const MOST_IDS = 500;
const MOST_IMAGES = 10;

async function describeVulnerabilities(context: Context, { account, query }: Asked): Promise<Answered> {
  const ids = new Set((query.get('id') ?? '').split(',').map((id) => id.trim()).filter((id) => id !== ''));
  if (ids.size === 0 || ids.size > MOST_IDS) throw new Fault(400, `Name 1 to ${MOST_IDS} vulnerabilities: ?id=CVE-…,CVE-….`);
  const found = new Map<string, VulnerabilityMatch[]>();
  const read = new Set<string>();
  for (const id of ids) {
    if (found.has(id)) continue;
    const [image] = await context.store.imagesWith(account.name, id);
    if (image === undefined || read.has(image.digest) || read.size === MOST_IMAGES) continue;
    read.add(image.digest);
    const named = (await matchesOf(context, account.name, image.digest)).flatMap((match) => [match.id, ...match.aliases].map((name) => ({ name, match })));
    for (const { name, match } of named) if (ids.has(name)) found.set(name, [...found.get(name) ?? [], match]);
  }
  const vulnerabilities = [...found].map(([id, matches]) => describe(id, matches));
  return { body: { page: '1', returned_count: vulnerabilities.length, vulnerabilities } };
}

async function matchesOf({ evaluations }: Context, account: string, digest: string): Promise<readonly VulnerabilityMatch[]> {
  try {
    return (await evaluations.matches(account, digest))?.matches ?? [];
  } catch (error) {
    throw notNow(error, 'The vulnerabilities');
  }
}

function describe(id: string, matches: readonly VulnerabilityMatch[]): unknown {
  const [match] = matches;
  return {
    id, namespace: 'osv', severity: match?.severity.replace(/^./, (letter) => letter.toUpperCase()) ?? 'Unknown', link: match?.url ?? null, description: match?.summary ?? '',
    affected_packages: matches.map(({ package: { name, version, type } }) => ({ name, version, type })), references: [], nvd_data: [], vendor_data: [],
  };
}
