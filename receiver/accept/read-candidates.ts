import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { BodyLimits } from '@millrace/core/http/read-body';
import { parseJson } from '@millrace/core/http/read-json';
import { readLines } from '@millrace/core/http/read-lines';
import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import type { CandidateRecord } from '@millrace/core/record/candidate-record';
import type { Stream } from '@millrace/core/schema/stream';
import type { BodyKind } from './body-kind.ts';
import { binaryCloudEvent, fromCloudEvent } from './cloud-event.ts';

/** A record a line. A line that is not JSON is a fault of that record alone. */
export async function* readLineCandidates(req: IncomingMessage, limits: BodyLimits): AsyncGenerator<CandidateRecord> {
  for await (const line of readLines(req, limits)) yield lineCandidate(line);
}

function lineCandidate(line: Buffer): CandidateRecord {
  try {
    return { input: parseJson(line), at: '' };
  } catch (error) {
    return {
      input: undefined,
      at: '',
      faults: [{ pointer: '', message: problemOf(error).message.replace('The body', 'The line') }],
    };
  }
}

/** The records that a JSON body holds: a list of candidates for a batch, one candidate for a record. */
export function candidatesOf(
  stream: Stream,
  kind: Exclude<BodyKind, 'lines'>,
  headers: IncomingHttpHeaders,
  body: unknown,
): CandidateRecord | readonly CandidateRecord[] {
  switch (kind) {
    case 'json':
      return Array.isArray(body) ? body.map((input: unknown) => ({ input, at: '' })) : { input: body, at: '' };
    case 'event':
      return fromCloudEvent(stream, body);
    case 'data':
      return fromCloudEvent(stream, binaryCloudEvent(headers, body));
    case 'events':
      if (Array.isArray(body)) return body.map((event: unknown) => fromCloudEvent(stream, event));
      throw new Problem('invalid-record', 'A batch of CloudEvents is a JSON array of them.', {
        errors: [{ pointer: '', message: 'must be array' }],
      });
  }
}
