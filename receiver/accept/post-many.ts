import type { ServerResponse } from 'node:http';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { problemBody, RETRY_AFTER } from '@millrace/core/http/problem-response';
import { type AnswerHeaders, sendAnswer } from '@millrace/core/http/send-answer';
import type { Log } from '@millrace/core/log/create-log';
import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import type { CandidateRecord, RequestContext } from '@millrace/core/record/candidate-record';
import type { AcceptedRecord, RejectedRecord, ToRecord } from '@millrace/core/record/compile-record';
import type { Stream } from '@millrace/core/schema/stream';
import type { Claim } from './budget.ts';
import type { NameCandidate } from './idempotency.ts';
import { resultsOf } from './results-of.ts';
import type { Write, Written } from './write-records.ts';

type ManyOptions = {
  readonly stream: Stream;
  readonly toRecord: ToRecord;
  readonly write: Write;
  readonly log: Log;
};

type Candidates = Iterable<CandidateRecord> | AsyncIterable<CandidateRecord>;

export type BatchContext = { readonly context: RequestContext; readonly claim: Claim; readonly name: NameCandidate };

export const MAX_BATCH_RECORDS = 5_000;
/** Past as many, only the first fault of each rejected record is looked for. */
const MAX_FAULTS = 5_000;
/** How long records are validated and encoded between two turns of the event loop. */
const TURN_MS = 10;

/**
 * Accepts a batch: nothing is written before all of it has been read, then what is valid is. Answers each record's own
 * result: 201 when all are on Kafka, 207 when some are, and a problem when all failed alike. A 207 with a record that may
 * succeed later has `Retry-After`.
 */
export function postMany({ stream, toRecord, write, log }: ManyOptions) {
  const withKeys = stream.key.generate !== undefined;
  return async (res: ServerResponse, candidates: Candidates, batch: BatchContext) => {
    const { context, claim } = batch;
    const records = await acceptAll(candidates, batch);
    claim.release();
    const bug = records.find(hasError)?.error;
    if (bug !== undefined)
      log.error({ stream: stream.name, trace_id: context.traceId, err: bug }, 'record not encoded');
    const written = await write(stream.topic, records.filter(isAccepted));
    const results = resultsOf(records, written, withKeys);
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
      const problem = commonProblem(bug, written);
      if (problem.retriable) throw problem;
      send(res, problem.status, { 'cache-control': 'no-store', 'content-type': 'application/problem+json' }, context, {
        ...problemBody(problem, context.traceId),
        ...answer,
      });
    }
  };

  /** Yields to the event loop by the clock: a record may take microseconds or, at its bounds, tens of milliseconds. */
  async function acceptAll(candidates: Candidates, { context, claim, name }: BatchContext) {
    const records: (AcceptedRecord | RejectedRecord)[] = [];
    let faultsLeft = MAX_FAULTS;
    let turnEndsAt = performance.now() + TURN_MS;
    for await (const candidate of candidates) {
      if (records.length === MAX_BATCH_RECORDS)
        throw new Problem('body-too-large', `A batch may hold ${MAX_BATCH_RECORDS} records: nothing was written.`);
      claim.take(0, 1);
      const record = toRecord(name(candidate, records.length), context, faultsLeft > 0);
      if (isAccepted(record)) claim.take(record.record.value?.length ?? 0);
      else faultsLeft -= record.faults.length;
      records.push(record);
      if (performance.now() < turnEndsAt) continue;
      await yieldToEventLoop();
      turnEndsAt = performance.now() + TURN_MS;
    }
    if (records.length > 0) return records;
    const errors = [{ pointer: '', message: 'must hold at least one record' }];
    throw new Problem('invalid-record', 'The batch is empty.', { errors });
  }
}

/** The reason that all records of a batch share. */
function commonProblem(bug: unknown, [first]: readonly Written[]): Problem {
  if (first === undefined && bug !== undefined) return problemOf(bug);
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

const hasError = (record: AcceptedRecord | RejectedRecord): record is RejectedRecord => 'error' in record;
const isWorthRetrying = (outcome: Written) => 'problem' in outcome && outcome.problem.retriable;
const isAccepted = (record: AcceptedRecord | RejectedRecord): record is AcceptedRecord => record.faults === undefined;
