import type { Context } from '../../context.js';
import type { Limits } from '../limits.js';
import type { Route } from '../route.js';
import { feedRoutes } from './feeds.js';
import { imageRoutes } from './images.js';
import { importRoutes } from './imports.js';
import { policyRoutes } from './policies.js';
import { statusRoutes } from './status.js';
import { tokenRoutes } from './tokens.js';
import { unsupportedRoutes } from './unsupported.js';
import { webhookRoutes } from './webhooks.js';

/** Every operation of the API, below `/api/scanning/v1`. */
export function routes(context: Context, limits: Limits): Route[] {
  return [...statusRoutes(context), ...importRoutes(context, limits), ...imageRoutes(context), ...policyRoutes(context), ...webhookRoutes(context), ...tokenRoutes(context), ...feedRoutes(context), ...unsupportedRoutes()];
}
