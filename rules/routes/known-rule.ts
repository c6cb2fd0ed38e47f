import { pathParameter } from '@millrace/core/http/path-parameter';
import type { Request } from '@millrace/core/http/route-table';
import { Problem } from '@millrace/core/problem/problem';
import type { RuleVersion } from '../catalog/catalog.ts';
import type { FollowedRules } from '../catalog/follow-rules.ts';

export const noSuchRule = (id: string): Problem => new Problem('not-found', `There is no rule ${id}.`);

/** The rule of the path, with every change that was answered before. Throws `not-found`. */
export async function knownRule(
  rules: FollowedRules,
  req: Request,
): Promise<RuleVersion & { readonly ruleId: string }> {
  await rules.upToDate();
  const ruleId = pathParameter(req, 'id');
  const found = rules.catalog.current(ruleId);
  if (!found) throw noSuchRule(ruleId);
  return { ...found, ruleId };
}
