import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { BodyLimits } from '@millrace/core/http/read-body';
import { parseJson } from '@millrace/core/http/read-json';
import { readLines } from '@millrace/core/http/read-lines';
import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import type { CandidateRecord } from '@millrace/core/record/candidate-record';
import type { ParseExactly } from '@millrace/core/record/exact-json';
import type { Stream } from '@millrace/core/schema/stream';
import { binaryCloudEvent } from './binary-cloud-event.ts';
import type { BodyKind } from './body-kind.ts';
import { fromCloudEvent } from './cloud-event.ts';
import { scanJson } from './scan-json.ts';
import { splitArray, startOfArray } from './split-array.ts';

/** What is smaller is parsed at once: nothing that fits into it takes long. */
const SMALL_BYTES = 128 * 1024;

/** A record a line. A line that is not JSON is a fault of that record alone. */
export async function* readLineCandidates(
  parse: ParseExactly,
  req: IncomingMessage,
  limits: BodyLimits,
): AsyncGenerator<CandidateRecord> {
  for await (const line of readLines(req, limits)) yield lineCandidate(parse, line);
}

function lineCandidate(parse: ParseExactly, line: Buffer): CandidateRecord {
  const fault = line.length > SMALL_BYTES ? scanJson(line).fault : undefined;
  if (fault !== undefined) return faulty(fault);
  try {
    return { input: parseJson(line, (text) => parse(text, 'record')), at: '' };
  } catch (error) {
    return faulty(problemOf(error).message.replace('The body', 'The line'));
  }
}

type JsonBody = {
  readonly kind: Exclude<BodyKind, 'lines'>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The `sub` of the token that it came with; undefined without a token. */
  readonly sender: string | undefined;
};

/** The records that a JSON body holds: those of a batch, one after another, or one record. */
export function candidatesOf(
  stream: Stream,
  parse: ParseExactly,
  { kind, headers, body, sender }: JsonBody,
): CandidateRecord | Iterable<CandidateRecord> {
  const toCandidate = (input: unknown): CandidateRecord => {
    if (kind === 'json') return { input, at: '' };
    if (kind !== 'data') return fromCloudEvent(stream, input, sender);
    const { attributes, faults } = binaryCloudEvent(headers);
    return fromCloudEvent(stream, { ...attributes, data: input }, sender, faults);
  };
  const isBatch = kind === 'json' || kind === 'events';
  const holds = kind === 'event' || kind === 'events' ? 'event' : 'record';
  const parseBytes = (bytes: Buffer) => parseJson(bytes, (text) => parse(text, holds));
  if (body.length > SMALL_BYTES) {
    const start = isBatch ? startOfArray(body) : undefined;
    if (start !== undefined)
      return largeArray(body, start, (bytes, index) => toCandidate(parseElement(parseBytes, bytes, index)));
    const { fault } = scanJson(body);
    if (fault !== undefined) return faulty(fault);
  }
  const value = parseBytes(body);
  if (isBatch && Array.isArray(value)) return value.map(toCandidate);
  if (kind === 'events')
    throw new Problem('invalid-record', 'A batch of CloudEvents is a JSON array of them.', {
      errors: [{ pointer: '', message: 'must be array' }],
    });
  return toCandidate(value);
}

function* largeArray(
  body: Buffer,
  start: number,
  toCandidate: (bytes: Buffer, index: number) => CandidateRecord,
): Generator<CandidateRecord> {
  let index = 0;
  for (const { bytes, fault } of splitArray(body, start)) {
    yield fault === undefined ? toCandidate(bytes, index) : faulty(fault);
    index += 1;
  }
}

function parseElement(parse: (bytes: Buffer) => unknown, bytes: Buffer, index: number): unknown {
  try {
    return parse(bytes);
  } catch (error) {
    throw new Problem('malformed-json', `Record ${index}: ${problemOf(error).message}`, { cause: error });
  }
}

const faulty = (message: string): CandidateRecord => ({
  input: undefined,
  at: '',
  faults: [{ pointer: '', message }],
});
