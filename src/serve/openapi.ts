import { API_ROOT } from './server.js';
import type { Route } from './api/route.js';

/** The API in OpenAPI 3.1, from the very routes that serve it. */
export function openapi(routes: readonly Route[], pages: readonly Route[], version: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [root, list] of [[API_ROOT, routes], ['', pages]] as const) {
    for (const route of list) {
      const path = `${root}${route.path}`;
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, root === '' ? 'page' : '') };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Inline Scan', version, description: 'A backend that speaks the API of Sysdig Secure\'s first scanning engine.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Fault: {
          type: 'object', required: ['message', 'httpcode'],
          properties: { message: { type: 'string' }, httpcode: { type: 'integer' }, detail: { type: 'object', properties: { error_codes: { type: 'array', items: {} } } } },
        },
      },
    },
  };
}

/** In Anchore's style. */
function fault(description: string): unknown {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Fault' } } } };
}

const header = (name: string, description: string, pattern: string): unknown => ({ name, in: 'header', required: true, description, schema: { type: 'string', pattern } });

/** Headers that carry data. Source: sysdiglabs/secure-inline-scan. */
const IMPORT_HEADERS = [
  header('imageId', 'The digest of the image\'s configuration', '^[0-9a-f]{64}$'),
  header('digestId', 'The digest by which the image is known', '^sha256:[0-9a-f]{64}$'),
  header('imageName', 'The full tag', '^[^/]+/.+:[^:/@]+$'),
];

const BODIES = {
  archive: { 'multipart/form-data': { schema: { type: 'object', required: ['archive_file'], properties: { archive_file: { type: 'string', format: 'binary', description: 'An analysis archive: a gzipped tar' } } } } },
  json: { 'application/json': { schema: { type: 'object' } } },
  form: { 'application/x-www-form-urlencoded': { schema: { type: 'object', additionalProperties: { type: 'string' } } } },
} as const;

function operation({ method, path, summary, access, query, sends, gives }: Route, prefix: string): unknown {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const inQuery = Object.entries(query ?? {}).map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } }));
  const answers: Record<string, unknown> = { 200: { description: 'What was asked for', content: { [gives ?? 'application/json']: {} } }, '4XX': fault('What cannot be done, and why') };
  if (access !== 'open') Object.assign(answers, { 401: fault('No token, or one that is not known'), 503: fault('Not now: come back as Retry-After says') });
  if (access === 'scan') answers['403'] = fault('A token that may read alone');
  if (inPath.length > 0) answers['404'] = fault('Not there, or another account\'s');
  return {
    operationId: `${prefix}${method.toLowerCase()}${path.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary, parameters: [...inPath, ...inQuery, ...(sends === 'archive' ? IMPORT_HEADERS : [])], responses: answers,
    ...(sends === undefined ? {} : { requestBody: { required: true, content: BODIES[sends] } }),
    ...(access === 'open' ? {} : { security: [{ bearer: [] }] }),
  };
}
