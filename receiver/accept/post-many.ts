import type { ServerResponse } from 'node:http';
import { setImmediate as breathe } from 'node:timers/promises';
import { problemBody, RETRY_AFTER } from '@millrace/core/http/problem-response';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { Claim } from './budget.ts';
import type { Intake, Refused, Taken } from './compile-intake.ts';
import type { NameOffer } from './idempotency.ts';
import type { Arrival, Offer } from './offer.ts';
import { resultsOf } from './results-of.ts';
import type { Write, Written } from './write-records.ts';

type ManyOptions = { readonly stream: Stream; readonly intake: Intake; readonly write: Write };

export type BatchContext = { readonly arrival: Arrival; readonly claim: Claim; readonly name: NameOffer };

const MAX_BATCH_RECORDS = 5_000;
/** So many records are encoded before others have their turn. */
const RECORDS_A_TURN = 100;

/**
 * Takes a batch: nothing is written before all of it has been read, then what is valid is. Answers each record's own
 * result: 201 when all are on Kafka, 207 when some are, and a problem when all failed alike. A 207 with a record that may be
 * taken another time has `Retry-After`.
 */
export function postMany({ stream, intake, write }: ManyOptions) {
  return async (res: ServerResponse, offers: readonly Offer[] | AsyncIterable<Offer>, context: BatchContext) => {
    const { arrival, claim } = context;
    const records = await takeAll(offers, context);
    claim.release();
    const written = await write(stream.topic, records.filter(isTaken));
    const results = resultsOf(records, written);
    const accepted = results.filter(({ status }) => status === 201).length;
    const answer = { accepted, rejected: results.length - accepted, results };
    const status = results.every((result) => result.status === results[0]?.status) ? results[0]?.status : 207;
    if (status === 201 || status === 207)
      send(
        res,
        status,
        { 'content-type': 'application/json; charset=utf-8', ...(written.some(isWorthRetrying) && RETRY_AFTER) },
        arrival,
        { topic: stream.topic, trace_id: arrival.traceId, ...answer },
      );
    else {
      const problem = whyAll(written);
      if (problem.retriable) throw problem;
      send(res, problem.status, { 'content-type': 'application/problem+json' }, arrival, {
        ...problemBody(problem, arrival.traceId),
        ...answer,
      });
    }
  };

  async function takeAll(offers: readonly Offer[] | AsyncIterable<Offer>, { arrival, claim, name }: BatchContext) {
    const records: (Taken | Refused)[] = [];
    const isList = 'length' in offers;
    if (isList) admit(offers.length, claim);
    for await (const offer of offers) {
      if (!isList) admit(1, claim, records.length);
      const record = intake(name(offer, records.length), arrival);
      if (isTaken(record)) claim.take(record.record.value?.length ?? 0);
      records.push(record);
      if (records.length % RECORDS_A_TURN === 0) await breathe();
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
function whyAll([first]: readonly Written[]): Problem {
  if (first === undefined) return new Problem('invalid-record', 'Every record of the batch was refused, see results.');
  if ('problem' in first) return first.problem;
  return new Problem('idempotency-conflict', 'Every record of the batch came before with other content, see results.');
}

function send(
  res: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  { traceparent }: Arrival,
  answer: object,
): void {
  const body = Buffer.from(JSON.stringify(answer));
  res.writeHead(status, { ...headers, 'content-length': body.length, traceparent });
  res.end(body);
}

const isWorthRetrying = (outcome: Written) => 'problem' in outcome && outcome.problem.retriable;
const isTaken = (record: Taken | Refused): record is Taken => record.faults === undefined;
