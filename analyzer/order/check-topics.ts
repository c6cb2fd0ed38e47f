import type { Verdict } from '@millrace/core/service/health';
import { type Fresh, freshnessOf } from './freshness.ts';

/** Whether Kafka says where every stream's topic ends, as a readiness check: one that is missing is named. */
export function checkTopics(numberings: readonly Fresh[]): Verdict {
  const { unknown } = freshnessOf(numberings);
  return unknown.length > 0
    ? { ok: false, detail: `Kafka does not say where the topic ends of: ${unknown.join(', ')}` }
    : { ok: true, detail: `${numberings.length} topics` };
}
