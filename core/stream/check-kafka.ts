import type { Check, Verdict } from '../service/health.ts';
import type { Admin } from './admin.ts';

/** Whether a broker answers, as a readiness check. One question at a time: while Kafka hangs, checks don't pile up. */
export function checkKafka(admin: Pick<Admin, 'brokerCount'>): Check {
  let asking: Promise<Verdict> | undefined;

  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  async function ask(): Promise<Verdict> {
    const brokers = await admin.brokerCount();
    return { ok: brokers > 0, detail: `${brokers} broker${brokers === 1 ? '' : 's'}` };
  }
}
