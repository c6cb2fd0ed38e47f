type ProblemKind = { readonly status: number; readonly retriable: boolean; readonly title: string };

/** Every way Millrace says no. Codes are part of the API: add freely, never rename. `retriable`: the same again may work. */
export const problems = {
  'invalid-record': { status: 400, retriable: false, title: 'The record does not match its schema' },
  'invalid-parameter': { status: 400, retriable: false, title: 'A parameter is not acceptable' },
  'malformed-request': { status: 400, retriable: false, title: 'The request is not well-formed HTTP' },
  'malformed-json': { status: 400, retriable: false, title: 'The body is not JSON' },
  'malformed-body': { status: 400, retriable: false, title: 'The body cannot be read' },
  'request-aborted': { status: 400, retriable: true, title: 'The request ended before its body did' },
  'not-found': { status: 404, retriable: false, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, retriable: false, title: 'This path does not take that method' },
  'not-acceptable': { status: 406, retriable: false, title: 'None of the accepted media types can be given' },
  'request-timeout': { status: 408, retriable: true, title: 'The request did not arrive in time' },
  'idempotency-conflict': { status: 409, retriable: false, title: 'This idempotency key came with other content' },
  gone: { status: 410, retriable: false, title: 'This is no longer here' },
  'body-too-large': { status: 413, retriable: false, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, retriable: false, title: 'This media type or encoding is not taken' },
  'expectation-failed': { status: 417, retriable: false, title: 'The expectation cannot be met' },
  'misdirected-request': { status: 421, retriable: false, title: 'This service does not answer for that host' },
  'too-many-requests': { status: 429, retriable: true, title: 'Too many requests' },
  'headers-too-large': { status: 431, retriable: false, title: 'The headers are too large or too many' },
  internal: { status: 500, retriable: false, title: 'Something went wrong on our side' },
  'kafka-unavailable': { status: 503, retriable: true, title: 'Kafka did not acknowledge in time' },
  saturated: { status: 503, retriable: true, title: 'Too much work is in flight' },
  'database-unavailable': { status: 503, retriable: true, title: 'The database does not answer' },
  'registry-unavailable': { status: 503, retriable: true, title: 'The schema registry does not answer' },
  'not-ready': { status: 503, retriable: true, title: 'The service is not ready yet' },
  'query-timeout': { status: 504, retriable: false, title: 'The query took too long; ask for less' },
  'invalid-config': { status: 500, retriable: false, title: 'A setting is not acceptable' },
  'invalid-schema': { status: 500, retriable: false, title: 'A schema file is not acceptable' },
  'incompatible-schema': { status: 500, retriable: false, title: 'A schema does not fit the registered one' },
  'port-in-use': { status: 500, retriable: false, title: 'The port is in use' },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;
