import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { BodyLimits } from '@millrace/core/http/read-body';
import { parseJson } from '@millrace/core/http/read-json';
import { readLines } from '@millrace/core/http/read-lines';
import { Problem } from '@millrace/core/problem/problem';
import { problemOf } from '@millrace/core/problem/problem-of';
import type { Stream } from '@millrace/core/schema/stream';
import type { BodyKind } from './body-kind.ts';
import { binaryCloudEvent, fromCloudEvent } from './cloud-event.ts';
import type { Offer } from './offer.ts';

/** A record a line. A line that is not JSON is a fault of that record alone. */
export async function* readLineOffers(req: IncomingMessage, limits: BodyLimits): AsyncGenerator<Offer> {
  for await (const line of readLines(req, limits)) yield lineOffer(line);
}

function lineOffer(line: Buffer): Offer {
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

/** The records that a JSON body holds: a list of offers for a batch, one offer for a record. */
export function offersOf(
  stream: Stream,
  kind: Exclude<BodyKind, 'lines'>,
  headers: IncomingHttpHeaders,
  body: unknown,
): Offer | readonly Offer[] {
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
