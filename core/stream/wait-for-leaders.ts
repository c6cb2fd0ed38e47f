import { retry } from '../retry/retry.ts';
import type { Admin } from './admin.ts';
import { isUnsettled } from './kafka-fault.ts';

const WITHIN_MS = 15_000;
const DELAYS = { firstDelayMs: 50, maxDelayMs: 200 };

/**
 * Waits until the broker knows every partition's leader. Not kafkajs's `waitForLeaders`: it gives up at once when the
 * broker has not yet heard of the topic from the controller, and does not wait for one that another service is creating.
 */
export async function waitForLeaders(admin: Pick<Admin, 'partitionLeaders'>, topics: readonly string[]): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  const isWorthWaiting = (error: unknown) => hasNoLeaderYet(error) && Date.now() < deadline;
  await retry({ ...DELAYS, while: isWorthWaiting }, async () => {
    for (const [topic, leaders] of await admin.partitionLeaders(topics)) {
      const isLed = leaders.length > 0 && leaders.every(Boolean);
      if (!isLed) throw new LeaderMissing(`${topic} has a partition without a leader`);
    }
  });
}

class LeaderMissing extends Error {}

const hasNoLeaderYet = (error: unknown) => error instanceof LeaderMissing || isUnsettled(error);
