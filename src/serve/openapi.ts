import { API_ROOT } from './server.js';
import type { Route } from './api/route.js';

/** The API in OpenAPI 3.1, from the very routes that serve it. */
export function openapi(routes: readonly Route[], pages: readonly Route[], version: string): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [root, list] of [[API_ROOT, routes], ['', pages]] as const) {
    for (const route of list) {
      const path = `${root}${route.path}`;
      paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Inline Scan', version, description: 'A backend that speaks the API of Sysdig Secure\'s first scanning engine.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  };
}

function operation({ method, path, summary, access, query }: Route): unknown {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const inQuery = Object.entries(query ?? {}).map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } }));
  const answers: Record<string, unknown> = { 200: { description: 'What was asked for' } };
  if (access !== 'open') Object.assign(answers, { 401: { description: 'No token, or one that is not known' }, 503: { description: 'Not now: come back as Retry-After says' } });
  if (access === 'scan') answers['403'] = { description: 'A token that may read alone' };
  if (inPath.length > 0) answers['404'] = { description: 'Not there, or another account\'s' };
  return {
    operationId: `${method.toLowerCase()}${path.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary, parameters: [...inPath, ...inQuery], responses: answers,
    ...(access === 'open' ? {} : { security: [{ bearer: [] }] }),
  };
}
