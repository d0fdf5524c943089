import * as z from 'zod';

const schema = z.looseObject({
  results: z.array(z.looseObject({ policyId: z.string(), policyName: z.string().nullish() })),
});

/** Names of policies by their ids, after `policyEvaluation`; undefined where the answer is none. Source: sysdig-sdk-python reads these members. */
export function readPolicyNames(answer: unknown): ReadonlyMap<string, string> | undefined {
  const parsed = schema.safeParse(answer);
  return parsed.success ? new Map(parsed.data.results.map(({ policyId, policyName }) => [policyId, policyName ?? policyId])) : undefined;
}
