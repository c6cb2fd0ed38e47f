import type { ProblemKind } from './problem-kind.ts';

/** What is answered over HTTP. */
export const answerProblems = {
  'invalid-record': {
    status: 400,
    retriable: false,
    title: 'The record does not match its schema',
    advice: 'Correct what `errors` names, all at once. The schema is on the page of the stream and in `/openapi.json`.',
  },
  'invalid-parameter': {
    status: 400,
    retriable: false,
    title: 'Invalid parameter',
    advice: 'Correct the parameters that `errors` names; a name that the route does not have is invalid too.',
  },
  'malformed-request': {
    status: 400,
    retriable: false,
    title: 'The request is not well-formed HTTP',
    advice: 'Use an HTTP library: the request line, the headers or the framing of the body break HTTP/1.1.',
  },
  'malformed-json': {
    status: 400,
    retriable: false,
    title: 'The body is not JSON',
    advice: 'Send JSON in UTF-8. `detail` says where the reading stopped.',
  },
  'malformed-body': {
    status: 400,
    retriable: false,
    title: 'The body cannot be read',
    advice: 'Compress the body as its `Content-Encoding` says.',
  },
  'request-aborted': {
    status: 400,
    retriable: true,
    title: 'The request ended before its body did',
    advice: 'Send it again, with the same `Idempotency-Key` or `event_id`.',
  },
  unauthorized: {
    status: 401,
    retriable: false,
    title: 'A valid token is needed',
    advice:
      'Get a token at `/token` of auth, and send it as `Authorization: Bearer <token>`. `detail` says what is wrong with one that was sent.',
  },
  'insufficient-scope': {
    status: 403,
    retriable: false,
    title: 'The token does not allow this',
    advice: 'Use a token with the scope that `detail` names; an operator gives scopes with `make client`.',
  },
  'not-found': {
    status: 404,
    retriable: false,
    title: 'There is nothing here',
    advice: 'Look at the path in `/openapi.json`. Of an index, `detail` says how many events there are.',
  },
  'method-not-allowed': {
    status: 405,
    retriable: false,
    title: 'This path does not take that method',
    advice: 'Use a method of the `Allow` header.',
  },
  'not-acceptable': {
    status: 406,
    retriable: false,
    title: 'None of the accepted media types can be given',
    advice: 'Accept a media type that `detail` names.',
  },
  'request-timeout': {
    status: 408,
    retriable: true,
    title: 'The request did not arrive in time',
    advice: 'Send it faster, or in smaller parts.',
  },
  'idempotency-conflict': {
    status: 409,
    retriable: false,
    title: 'This idempotency key came with other content',
    advice: 'A repeat must be the same record. Give another record another key or `event_id`.',
  },
  gone: {
    status: 410,
    retriable: false,
    title: 'This is no longer here',
    advice: 'Retention has removed it, or the history that a cursor belongs to was replaced: `detail` says which.',
  },
  'body-too-large': {
    status: 413,
    retriable: false,
    title: 'The body is too large',
    advice: 'Send less at once; an operator can raise `MAX_BODY_BYTES`.',
  },
  'unsupported-media-type': {
    status: 415,
    retriable: false,
    title: 'This media type or encoding is not taken',
    advice: 'Send `application/json` or what else the route takes, plain or as gzip, deflate or br.',
  },
  'expectation-failed': {
    status: 417,
    retriable: false,
    title: 'The expectation cannot be met',
    advice: 'Leave out the `Expect` header, or send `100-continue`.',
  },
  'misdirected-request': {
    status: 421,
    retriable: false,
    title: 'This service does not answer for that host',
    advice: 'Ask by `localhost` or the address. An operator names further hosts in `ALLOWED_HOSTS`.',
  },
  'not-computable': {
    status: 422,
    retriable: false,
    title: 'The values do not allow this computation',
    advice: 'Leave out the measures that `errors` names, or ask for fewer events: a result is out of range.',
  },
  'too-many-requests': {
    status: 429,
    retriable: true,
    title: 'Too many requests',
    advice: 'Wait as long as `Retry-After` says. An operator sets the rate in `RATE_LIMIT`.',
  },
  'headers-too-large': {
    status: 431,
    retriable: false,
    title: 'The headers are too large or too many',
    advice: 'Send fewer or shorter headers.',
  },
  internal: {
    status: 500,
    retriable: false,
    title: 'Something went wrong on our side',
    advice: 'Report it with its `trace_id`: the log has the cause under it.',
  },
  'kafka-unavailable': {
    status: 503,
    retriable: true,
    title: 'Kafka did not acknowledge in time',
    advice:
      'Send it again, with the same `Idempotency-Key` or `event_id`: `detail` says whether it may have been written.',
  },
  saturated: {
    status: 503,
    retriable: true,
    title: 'Too much work is in flight',
    advice: 'Wait as long as `Retry-After` says, and send less at the same time.',
  },
  'database-unavailable': {
    status: 503,
    retriable: true,
    title: 'The database does not answer',
    advice: 'Wait. `/readyz` and the log say what the service waits for.',
  },
  'issuer-unavailable': {
    status: 503,
    retriable: true,
    title: 'The issuer of tokens does not answer',
    advice: 'Wait. Tokens that were verified before are still taken.',
  },
  'not-ready': {
    status: 503,
    retriable: true,
    title: 'The service is not ready yet',
    advice: 'Wait as long as `Retry-After` says. With `max_lag` it also means that the answer is too far behind.',
  },
  'query-timeout': {
    status: 504,
    retriable: false,
    title: 'The query took too long; ask for less',
    advice:
      'Ask for a shorter time, fewer groups or a larger window. An operator sets the budget in `STATS_BUDGET_MS`.',
  },
} as const satisfies Record<string, ProblemKind>;
