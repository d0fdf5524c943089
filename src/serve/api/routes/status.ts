import type { Context } from '../../context.js';
import type { Route } from '../route.js';

/** What a client asks first: whether this is such an API, whether its token is taken, and whose it is. */
export function statusRoutes({ version }: Context): Route[] {
  const account: Route['answer'] = async ({ account: { name } }) => ({ body: { name, state: 'enabled', type: 'user' } });
  return [
    {
      method: 'GET', path: '/anchore/status', summary: 'Whether the service is there, and takes the token', access: 'read',
      answer: async () => ({ body: { available: true, busy: false, up: true, message: 'all good', version, db_version: version, detail: {} } }),
    },
    { method: 'GET', path: '/account', summary: 'The account that the token belongs to', access: 'read', answer: account },
    { method: 'GET', path: '/anchore/account', summary: 'The same, as Anchore has it', access: 'read', answer: account },
  ];
}
