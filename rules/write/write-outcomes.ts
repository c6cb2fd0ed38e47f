import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import type { Stream } from '@millrace/core/schema/stream';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { partitionOf } from '@millrace/core/stream/partition-of';
import { createEncoder } from '@millrace/core/stream/wire-format';
import { traceparentOf } from '@millrace/core/trace/trace-context';
import { type Outcome, outcomeId } from '../evaluate/outcome.ts';
import type { Roles } from '../streams/roles.ts';

/** Writes what rules said, and resolves once Kafka has acknowledged all of it. */
export type WriteOutcomes = (outcomes: readonly Outcome[]) => Promise<void>;

const SOURCE = 'rules';

/** @param partitions how many partitions each topic has now */
export function createOutcomeWriter(
  { wonEvents, anomalies, evaluations }: Roles,
  schemaIds: ReadonlyMap<Stream, number>,
  producer: Producer,
  partitions: (topic: string) => number,
): WriteOutcomes {
  const encoders = new Map(
    [wonEvents, anomalies, evaluations].map((stream) => [
      stream,
      createEncoder(avscType(stream.avro), schemaIds.get(stream) ?? 0),
    ]),
  );

  return async (outcomes) => {
    const now = Date.now();
    const records = new Map<Stream, LaneRecord[]>();
    for (const outcome of outcomes) {
      const id = outcomeId(outcome);
      const written = { traceId: outcome.traceId || id.replaceAll('-', ''), now };
      if (outcome.outcome === 'won')
        add(outcome.rule.kind === 'win' ? wonEvents : anomalies, withOrigin(wonValue(outcome, id), written));
      add(evaluations, withOrigin(evaluationValue(outcome, id), written));
    }
    await Promise.all([...records].map(([{ topic }, written]) => producer.produce(topic, written)));

    function add(stream: Stream, value: Value): void {
      const encode = encoders.get(stream);
      if (!encode) return;
      const key = Buffer.from(String(value.account_id));
      const traceparent = traceparentOf(String(value.trace_id));
      const record = { partition: partitionOf(key, partitions(stream.topic)), key, value: encode(value), traceparent };
      const known = records.get(stream);
      if (known) known.push(record);
      else records.set(stream, [record]);
    }
  };
}

type Written = { readonly traceId: string; readonly now: number };

function withOrigin(value: Value, { traceId, now }: Written): Value {
  value.trace_id = traceId;
  value.source = SOURCE;
  value.ingested_at = now;
  return value;
}

// Each value is one literal, as there may be tens of thousands a second.

/** A won event or an anomaly, but for when it was written and in which trace. */
export const wonValue = ({ rule, accountId, cause, time, depth, values }: Outcome, id: string): Value => ({
  account_id: accountId,
  rule_id: rule.ruleId,
  rule_version: rule.version,
  cause,
  won_at: time,
  depth,
  values,
  event_id: id,
});

export const evaluationValue = (of: Outcome, id: string): Value => ({
  account_id: of.accountId,
  rule_id: of.rule.ruleId,
  rule_version: of.rule.version,
  cause: of.cause,
  outcome: of.outcome,
  reason: of.reason,
  evaluated_at: of.time,
  depth: of.depth,
  values: of.values,
  event_id: id,
});
