import type { Check } from '../service/health.ts';
import type { UnreadablePartition } from './unreadable-partitions.ts';

/** A consumer's check that also fails, by name and with the way out, while partitions stand at what can't be read. */
export function checkReadable(unreadable: () => readonly UnreadablePartition[], check: Check): Check {
  return () => {
    const found = unreadable();
    return found.length === 0 ? check() : { ok: false, detail: found.map(describe).join('; ') };
  };
}

function describe({ topic, partition, firstOffset, lastOffset, reason }: UnreadablePartition): string {
  const offsets = firstOffset === lastOffset ? `offset ${firstOffset}` : `offsets ${firstOffset} to ${lastOffset}`;
  const command = `make skip TOPIC=${topic} PARTITION=${partition} TO=${lastOffset + 1n}`;
  return `${topic} partition ${partition} is not read past ${offsets}: ${reason}; ${command} passes over it`;
}
