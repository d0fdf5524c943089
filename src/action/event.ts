import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** As much of a webhook's payload as decides something here. Source: GitHub, "Webhook events and payloads". */
const schema = z.object({
  pull_request: z.object({ head: z.object({ repo: z.object({ full_name: z.string() }).nullish() }).optional() }).optional().catch(undefined),
  merge_group: z.object({ base_ref: z.string() }).optional().catch(undefined),
  repository: z.object({ default_branch: z.string() }).optional().catch(undefined),
});

export type WorkflowEvent = z.infer<typeof schema>;

/** The event that started the workflow; nothing of it where there is none, or none that can be read. */
export function readEvent(env: NodeJS.ProcessEnv): WorkflowEvent {
  try {
    return schema.parse(JSON.parse(readFileSync(env['GITHUB_EVENT_PATH'] ?? '', 'utf8')));
  } catch {
    return {};
  }
}
