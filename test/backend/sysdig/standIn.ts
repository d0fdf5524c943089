import { loopback, status, type Answering, type Asked, type LoopbackServer } from '../../http/server.js';
import { IMAGE_ID } from './subject.js';

/** The endpoints that the client calls. */
export const ROUTES = ['status', 'account', 'anchoreAccount', 'check', 'sync', 'async', 'alias', 'image', 'vulnDirect', 'vulnAll', 'policyEvaluation'] as const;
export type Route = (typeof ROUTES)[number];

/** What happens to one request; `usual` does what the stand-in would have done, and gives the answer. */
export type Step = (asked: Asked, response: Parameters<Answering>[1], usual: () => Reply) => void;

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Script {
  /** Steps of a route in order; behind the last one comes the usual. */
  readonly steps?: Partial<Record<Route, readonly Step[]>>;
  /** A step for every request of the route. */
  readonly always?: Partial<Record<Route, Step>>;
  /** Answers before the body is read. */
  readonly early?: Partial<Record<Route, Step>>;
  readonly verdict?: 'go' | 'warn' | 'stop';
  /** What `vulnDirect` gives. */
  readonly vulnerabilities?: readonly unknown[];
  readonly rows?: readonly (readonly unknown[])[];
  /** Digest → names that are there from the beginning. */
  readonly known?: Readonly<Record<string, readonly string[]>>;
}

export interface StandIn extends LoopbackServer {
  /** Requests by route. */
  readonly requests: Partial<Record<Route, number>>;
  /** How often each digest was stored. */
  readonly stored: Map<string, number>;
}

export const HEADER = ['Image_Id', 'Repo_Tag', 'Trigger_Id', 'Gate', 'Trigger', 'Check_Output', 'Gate_Action', 'Whitelisted', 'Policy_Id'];

/** A backend of Sysdig's first engine as a client sees it, which fails as it is told. */
export async function standIn(script: Script = {}, tls?: { key: string; cert: string }): Promise<StandIn> {
  const requests: Partial<Record<Route, number>> = {};
  const names = new Map(Object.entries(script.known ?? {}).map(([digest, known]) => [digest, new Set(known)]));
  const stored = new Map<string, number>();
  const usual = (route: Route, asked: Asked): Reply => {
    const digest = decodeURIComponent(/images\/([^/?]+)/.exec(asked.path)?.[1] ?? '');
    const tag = new URL(asked.path, 'http://x').searchParams.get('tag') ?? '';
    switch (route) {
      case 'status': return { status: 200, body: { available: true, busy: false, up: true, version: '0.8.1' } };
      case 'account': case 'anchoreAccount': return { status: 200, body: { name: 'tenant_1' } };
      case 'check': return check(names, digest, tag, script);
      case 'sync': case 'async': return store(asked, names, stored);
      case 'alias': {
        names.get(digest)?.add((JSON.parse(asked.body.toString()) as { fulltag: string }).fulltag);
        return { status: 200, body: {} };
      }
      case 'image': return names.has(digest) ? { status: 200, body: [{ imageDigest: digest, analysis_status: 'analyzed' }] } : missing('image not found in DB');
      case 'vulnDirect': return { status: 200, body: { imageDigest: digest, vtype: 'all', vulns: script.vulnerabilities ?? [] } };
      case 'vulnAll': return { status: 200, body: { imageDigest: digest, vulnerability_type: 'all', vulnerabilities: script.vulnerabilities ?? [] } };
      case 'policyEvaluation': return { status: 200, body: { imageDigest: digest, status: 'pass', nStop: 0, nWarn: 0, results: [{ policyId: 'p1', policyName: 'House rules', nStop: 0, nWarn: 0, gateResults: [] }] } };
    }
  };
  const act = (step: Step | undefined, route: Route, asked: Asked, response: Parameters<Answering>[1]): void => {
    const answer = (): Reply => usual(route, asked);
    if (step !== undefined) step(asked, response, answer);
    else {
      const { status: code, body } = answer();
      status(code, body)(asked, response);
    }
  };
  const server = await loopback((asked, response) => {
    const route = routeOf(asked);
    if (route === undefined) {
      status(404, { message: 'no such path' })(asked, response);
      return;
    }
    const turn = requests[route] ?? 0;
    requests[route] = turn + 1;
    act(script.steps?.[route]?.[turn] ?? script.always?.[route], route, asked, response);
  }, {
    ...(tls === undefined ? {} : { tls }),
    early: (asked, response) => {
      const route = routeOf(asked);
      const step = route === undefined ? undefined : script.early?.[route];
      if (route === undefined || step === undefined) return false;
      requests[route] = (requests[route] ?? 0) + 1;
      act(step, route, asked, response);
      return true;
    },
  });
  return { ...server, requests, stored };
}

const PATHS: readonly [Route, string, RegExp][] = [
  ['status', 'GET', /^\/anchore\/status$/], ['account', 'GET', /^\/account$/], ['anchoreAccount', 'GET', /^\/anchore\/account$/],
  ['check', 'GET', /^\/anchore\/images\/[^/]+\/check\?/], ['sync', 'POST', /^\/sync\/import\/images$/], ['async', 'POST', /^\/import\/images$/],
  ['alias', 'PUT', /^\/images\/[^/]+\/addAlias$/], ['image', 'GET', /^\/anchore\/images\/[^/]+$/], ['vulnDirect', 'GET', /^\/images\/[^/]+\/vulnDirect\/all\?/],
  ['vulnAll', 'GET', /^\/anchore\/images\/[^/]+\/vuln\/all$/], ['policyEvaluation', 'GET', /^\/images\/[^/]+\/policyEvaluation\?/],
];

function routeOf({ method, path }: Asked): Route | undefined {
  const below = /^\/api\/scanning\/v1(\/.*)$/.exec(path)?.[1] ?? '';
  return PATHS.find(([, verb, pattern]) => verb === method && pattern.test(below))?.[0];
}

function missing(message: string): Reply {
  return { status: 404, body: { message, httpcode: 404, detail: { error_codes: [] } } };
}

function check(names: ReadonlyMap<string, ReadonlySet<string>>, digest: string, tag: string, script: Script): Reply {
  const known = names.get(digest);
  if (known === undefined) return missing('could not find image record(s)');
  return known.has(tag) ? { status: 200, body: checkBody(digest, tag, script) } : missing('could not find any evaluations for input images');
}

/** What `check` says, whole. */
export function checkBody(digest: string, tag: string, { verdict = 'go', rows }: Pick<Script, 'verdict' | 'rows'> = {}): unknown {
  const shown = rows ?? (verdict === 'go' ? [] : [[IMAGE_ID, tag, 'cf192bcdfcd7cb8f5e87b5ed4e1d5ea5', 'dockerfile', 'instruction', 'no healthcheck', verdict, false, 'p1']]);
  const result = { final_action: verdict, header: HEADER, row_count: shown.length, rows: shown };
  return [{ [digest]: { [tag]: [{
    status: verdict === 'stop' ? 'fail' : 'pass', policyId: 'default', last_evaluation: '2026-01-01T00:00:00Z',
    detail: {
      policy: { policies: [{ id: 'p1', name: 'Default' }] },
      result: { image_id: IMAGE_ID, tag, final_action: verdict, final_action_reason: 'policy_evaluation', evaluation_problems: [], result: { [IMAGE_ID]: { result }, policy_data: [], policy_name: '' } },
    },
  }] } }];
}

/** Takes an upload, with the tests that a real engine makes of its envelope. */
function store({ headers, body }: Asked, names: Map<string, Set<string>>, stored: Map<string, number>): Reply {
  const digest = String(headers['digestid']);
  const form = body.toString('latin1');
  const whole = body.length === Number(headers['content-length']) && form.includes('name="archive_file"; filename="image-analysis-archive.tgz"') && form.trimEnd().endsWith('--');
  if (!whole || !/^[0-9a-f]{64}$/.test(String(headers['imageid'])) || headers['imagename'] === undefined) return { status: 400, body: { message: 'unreadable upload' } };
  if (names.has(digest)) return { status: 409, body: { message: 'Conflict: Image already exists in system. No restore possible', httpcode: 409 } };
  names.set(digest, new Set([String(headers['imagename'])]));
  stored.set(digest, (stored.get(digest) ?? 0) + 1);
  return { status: 200, body: { code: 0, message: 'OK', detail: {} } };
}

/** Does what was asked, and loses the answer. */
export const lostReply: Step = (_, response, usual) => {
  usual();
  response.socket?.destroy();
};

export function says(code: number, body: unknown = {}, headers: Record<string, string> = {}): Step {
  return (asked, response) => { status(code, body, headers)(asked, response); };
}

/** What it would have said, changed. */
export function altered(change: (text: string) => string): Step {
  return (asked, response, usual) => { status(usual().status, change(JSON.stringify(usual().body)))(asked, response); };
}
