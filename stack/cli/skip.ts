import { createLog } from '@millrace/core/log/create-log';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { skippedTo, skipUnreadable } from '@millrace/core/stream/skipped-offsets';
import { addressesIn } from '../settings/addresses.ts';
import { StackError } from '../stack-error.ts';
import type { StackCli } from './stack-cli.ts';

export type SkipArguments = { readonly topic?: string; readonly partition?: number; readonly to?: bigint };

/** Has every consumer pass over what can't be read of a partition below an offset. What can be read is read all the same. */
export async function skip({ env, out }: StackCli, { topic, partition, to }: SkipArguments): Promise<void> {
  if (topic === undefined || partition === undefined || to === undefined)
    throw new StackError('Say what to pass over: make skip TOPIC=running PARTITION=0 TO=42');
  const { kafkaBrokers } = addressesIn(env);
  const kafka = connectKafka({
    ...{ brokers: kafkaBrokers.split(','), clientId: 'millrace-skip' },
    log: createLog({ name: 'skip', level: 'silent' }),
  });
  const admin = await kafka.openAdmin().catch((cause: unknown) => {
    throw new StackError(`Kafka does not answer at ${kafkaBrokers}; make up starts it.`, { cause });
  });
  try {
    if (!(await admin.listTopics()).includes(topic)) throw new StackError(`There is no topic ${topic}.`);
    const held = (await admin.fetchOffsets(topic)).find((each) => each.partition === partition);
    if (!held) throw new StackError(`${topic} has no partition ${partition}.`);
    if (to > held.logEndOffset)
      throw new StackError(`${topic} partition ${partition} ends at ${held.logEndOffset}; TO may be no more.`);
    const before = await skippedTo(admin, topic, partition);
    await skipUnreadable(admin, topic, partition, to);
    const was = before > 0n ? ` (before: below ${before})` : '';
    out.write(
      `What can not be read of ${topic} partition ${partition} below offset ${to} is passed over${was}. ` +
        'Consumers that stand there go on within seconds.\n',
    );
  } finally {
    await admin.close();
  }
}
