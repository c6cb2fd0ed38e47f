import type { ServerResponse } from 'node:http';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { problemBody, RETRY_AFTER } from '@millrace/core/http/problem-response';
import { type AnswerHeaders, sendAnswer } from '@millrace/core/http/send-answer';
import { Problem } from '@millrace/core/problem/problem';
import type { CandidateRecord, RequestContext } from '@millrace/core/record/candidate-record';
import type { AcceptedRecord, RejectedRecord, ToRecord } from '@millrace/core/record/compile-record';
import type { Stream } from '@millrace/core/schema/stream';
import type { Claim } from './budget.ts';
import type { NameCandidate } from './idempotency.ts';
import { resultsOf } from './results-of.ts';
import type { Write, Written } from './write-records.ts';

type ManyOptions = { readonly stream: Stream; readonly toRecord: ToRecord; readonly write: Write };

export type BatchContext = { readonly context: RequestContext; readonly claim: Claim; readonly name: NameCandidate };

const MAX_BATCH_RECORDS = 5_000;
/** Records validated and encoded between two turns of the event loop. */
const RECORDS_BETWEEN_YIELDS = 100;

/**
 * Accepts a batch: nothing is written before all of it has been read, then what is valid is. Answers each record's own
 * result: 201 when all are on Kafka, 207 when some are, and a problem when all failed alike. A 207 with a record that may
 * succeed later has `Retry-After`.
 */
export function postMany({ stream, toRecord, write }: ManyOptions) {
  return async (
    res: ServerResponse,
    candidates: readonly CandidateRecord[] | AsyncIterable<CandidateRecord>,
    batch: BatchContext,
  ) => {
    const { context, claim } = batch;
    const records = await acceptAll(candidates, batch);
    claim.release();
    const written = await write(stream.topic, records.filter(isAccepted));
    const results = resultsOf(records, written);
    const accepted = results.filter(({ status }) => status === 201).length;
    const answer = { accepted, rejected: results.length - accepted, results };
    const status = results.every((result) => result.status === results[0]?.status) ? results[0]?.status : 207;
    if (status === 201 || status === 207)
      send(
        res,
        status,
        { 'content-type': 'application/json; charset=utf-8', ...(written.some(isWorthRetrying) && RETRY_AFTER) },
        context,
        { topic: stream.topic, trace_id: context.traceId, ...answer },
      );
    else {
      const problem = commonProblem(written);
      if (problem.retriable) throw problem;
      send(res, problem.status, { 'cache-control': 'no-store', 'content-type': 'application/problem+json' }, context, {
        ...problemBody(problem, context.traceId),
        ...answer,
      });
    }
  };

  async function acceptAll(
    candidates: readonly CandidateRecord[] | AsyncIterable<CandidateRecord>,
    { context, claim, name }: BatchContext,
  ) {
    const records: (AcceptedRecord | RejectedRecord)[] = [];
    const isList = 'length' in candidates;
    if (isList) admit(candidates.length, claim);
    for await (const candidate of candidates) {
      if (!isList) admit(1, claim, records.length);
      const record = toRecord(name(candidate, records.length), context);
      if (isAccepted(record)) claim.take(record.record.value?.length ?? 0);
      records.push(record);
      if (records.length % RECORDS_BETWEEN_YIELDS === 0) await yieldToEventLoop();
    }
    if (records.length > 0) return records;
    const errors = [{ pointer: '', message: 'must hold at least one record' }];
    throw new Problem('invalid-record', 'The batch is empty.', { errors });
  }
}

function admit(records: number, claim: Claim, before = 0): void {
  if (before + records > MAX_BATCH_RECORDS)
    throw new Problem('body-too-large', `A batch may hold ${MAX_BATCH_RECORDS} records: nothing was written.`);
  claim.take(0, records);
}

/** The reason that all records of a batch share. */
function commonProblem([first]: readonly Written[]): Problem {
  if (first === undefined) return new Problem('invalid-record', 'Every record of the batch was refused, see results.');
  if ('problem' in first) return first.problem;
  return new Problem('idempotency-conflict', 'Every record of the batch came before with other content, see results.');
}

function send(
  res: ServerResponse,
  status: number,
  headers: AnswerHeaders,
  { traceparent }: RequestContext,
  answer: object,
): void {
  sendAnswer(res, status, { ...headers, traceparent }, JSON.stringify(answer));
}

const isWorthRetrying = (outcome: Written) => 'problem' in outcome && outcome.problem.retriable;
const isAccepted = (record: AcceptedRecord | RejectedRecord): record is AcceptedRecord => record.faults === undefined;
