import type { Admin } from 'kafkajs';
import type { Check, Verdict } from '../service/health.ts';

/** Whether a broker answers, as a readiness check. One question at a time: while Kafka hangs, checks don't pile up. */
export function checkKafka(admin: Admin): Check {
  let asking: Promise<Verdict> | undefined;

  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  async function ask(): Promise<Verdict> {
    const { brokers } = await admin.describeCluster();
    return { ok: brokers.length > 0, detail: `${brokers.length} broker${brokers.length === 1 ? '' : 's'}` };
  }
}
