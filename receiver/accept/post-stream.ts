import type { IncomingMessage, ServerResponse } from 'node:http';
import { ingestInto } from '@millrace/core/access/access';
import type { Authorize } from '@millrace/core/access/authenticate';
import { readBody } from '@millrace/core/http/read-body';
import type { Log } from '@millrace/core/log/create-log';
import type { ToRecord } from '@millrace/core/record/compile-record';
import { compileParseExactly } from '@millrace/core/record/exact-json';
import type { Stream } from '@millrace/core/schema/stream';
import type { Trace } from '@millrace/core/trace/trace-context';
import type { AdmitClient } from '../admit-client.ts';
import { bodyKind } from './body-kind.ts';
import type { Budget } from './budget.ts';
import { idempotencyKeyOf, nameCandidates } from './idempotency.ts';
import { postMany } from './post-many.ts';
import { postOne } from './post-one.ts';
import { candidatesOf, readLineCandidates } from './read-candidates.ts';
import type { Write } from './write-records.ts';

export type PostHandler = (req: IncomingMessage, res: ServerResponse, trace: Trace) => Promise<void>;

export type PostOptions = {
  readonly stream: Stream;
  readonly toRecord: ToRecord;
  readonly write: Write;
  readonly log: Log;
  readonly budget: Budget;
  readonly authorize: Authorize;
  readonly admit: AdmitClient;
  readonly maxBodyBytes: number;
};

/** `POST <path>`: one record or a batch of them, by what the body is. Answers, or throws a `Problem`. */
export function postStream(options: PostOptions): PostHandler {
  const { stream, authorize, budget, admit, maxBodyBytes } = options;
  const access = ingestInto(stream);
  const one = postOne(options);
  const many = postMany(options);
  const parse = compileParseExactly(stream);

  return async (req, res, { traceId, traceparent }) => {
    const caller = await authorize(req, access);
    const client = admit(req, caller);
    const { subject: source } = caller;
    const { headers } = req;
    const kind = bodyKind(headers);
    const name = nameCandidates(stream, source, idempotencyKeyOf(headers['idempotency-key']));
    const context = { traceId, traceparent, source };
    const claim = budget.claim(client);
    const limits = { limitBytes: maxBodyBytes, onBytes: claim.take };
    try {
      if (kind === 'lines') return await many(res, readLineCandidates(parse, req, limits), { context, claim, name });
      const body = await readBody(req, limits);
      const candidates = candidatesOf(stream, parse, {
        kind,
        headers,
        body,
        sender: caller.clientId === undefined ? undefined : source,
      });
      if (Symbol.iterator in candidates) return await many(res, candidates, { context, claim, name });
      claim.release();
      await one(res, name(candidates), context);
    } finally {
      claim.release();
    }
  };
}
