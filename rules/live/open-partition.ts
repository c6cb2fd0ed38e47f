import type { Log } from '@millrace/core/log/create-log';
import { larger } from '@millrace/core/order/offsets';
import type { Admin } from '@millrace/core/stream/admin';
import { partitionName } from '@millrace/core/stream/partition-name';
import { type PartitionOffsets, topicOffsets } from '@millrace/core/stream/topic-offsets';
import type { Catalog } from '../catalog/catalog.ts';
import { createEngine, type Engine, type LaneStart } from '../engine/engine.ts';
import { ACCOUNTS_RANK, EVENTS_RANK, RULES_RANK } from '../engine/lanes.ts';
import { NOTHING_TAKEN, type Position } from '../engine/position.ts';
import type { Evaluation } from '../evaluate/evaluate-rules.ts';
import { createEvaluator } from '../evaluate/evaluator.ts';
import { type Plan, planFor } from '../evaluate/plan.ts';
import type { Subjects } from '../streams/subjects.ts';
import { pushRules } from './push-rules.ts';

type OpenOptions = {
  readonly admin: Pick<Admin, 'fetchOffsets' | 'offsetsByTime'>;
  readonly subjects: Subjects;
  readonly catalog: Catalog;
  readonly evaluation: Evaluation;
  readonly log: Log;
};

const NOTHING_READ = { nextOffset: 0n, orderTime: Number.NEGATIVE_INFINITY };

/**
 * The order of an account partition from a position on. What has to be remembered is read again from the topics: as much append time back
 * as the plan says, accounts and rules from their beginning.
 */
export async function openPartition(
  partition: number,
  position: Position = NOTHING_TAKEN,
  { admin, subjects, catalog, evaluation, log }: OpenOptions,
): Promise<{ readonly engine: Engine; readonly plan: Plan }> {
  const records = catalog.records();
  const plan = planFor(catalog.inForceFrom(position.reached), evaluation.maxDepth);
  const begin = Number.isFinite(position.reached) ? position.reached : (records[0]?.at ?? Date.now());
  const from = begin - plan.warmUpMs;
  const { accounts, rules } = subjects.roles;
  const lanes: LaneStart[] = (await topicOffsets(admin, rules.topic)).map((each) => ({
    ...{ topic: rules.topic, partition: each.partition, rank: RULES_RANK },
    ...NOTHING_READ,
  }));
  const quiet = new Map(position.lanes);
  for (const stream of subjects.read.values()) {
    const { topic } = stream;
    const isAccounts = stream === accounts;
    if (!isAccounts && !plan.streams.has(stream.name)) continue;
    const held = (await topicOffsets(admin, topic)).find((each) => each.partition === partition);
    if (!held) continue;
    const nextOffset = isAccounts ? held.lowOffset : await offsetAt(topic, held);
    const rank = isAccounts ? ACCOUNTS_RANK : EVENTS_RANK;
    lanes.push({ topic, partition, rank, nextOffset, orderTime: Number.NEGATIVE_INFINITY });
    const name = partitionName(topic, partition);
    if ((quiet.get(name)?.nextOffset ?? 0n) <= held.logEndOffset) continue;
    log.error({ topic, partition }, 'the topic has shrunk: what it holds now is evaluated from its oldest record');
    quiet.delete(name);
  }
  const evaluator = createEvaluator({ ...evaluation, plan, reached: from });
  const engine = createEngine({ lanes, evaluator, quietTo: { ...position, lanes: quiet } });
  pushRules(engine, rules.topic, records);
  return { engine, plan };

  async function offsetAt(topic: string, { lowOffset, logEndOffset }: PartitionOffsets): Promise<bigint> {
    const found = (await admin.offsetsByTime(topic, Math.max(0, Math.floor(from)))).get(partition);
    return found === undefined ? logEndOffset : larger(found, lowOffset);
  }
}
