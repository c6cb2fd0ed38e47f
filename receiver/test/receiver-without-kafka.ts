import type { Authorize } from '@millrace/core/access/authenticate';
import { createAnswerError } from '@millrace/core/http/answer-error';
import { createApp } from '@millrace/core/http/create-app';
import { createMetrics } from '@millrace/core/metrics/create-metrics';
import { compileRecord } from '@millrace/core/record/compile-record';
import { avscType } from '@millrace/core/schema/avsc-type';
import type { Value } from '@millrace/core/schema/from-json';
import { parseStream } from '@millrace/core/schema/parse-stream';
import { createHealth } from '@millrace/core/service/health';
import type { LaneRecord, Producer } from '@millrace/core/stream/create-producer';
import { capturedLog } from '@millrace/testing/captured-log';
import { anybody, serveForTest } from '@millrace/testing/serve-for-test';
import { createFastPath } from '../create-fast-path.ts';
import { receiverRoutes } from '../receiver-routes.ts';

const LIMITS = {
  maxBodyBytes: 5 * 1024 * 1024,
  maxInFlightBytes: 64 * 1024 * 1024,
  maxInFlightRecords: 20_000,
  rateLimit: 0,
  trustedProxies: 0,
};

type Options = Partial<typeof LIMITS> & {
  /** Instead of acknowledging at once. */
  readonly beforeAcknowledging?: () => Promise<void>;
  /** Instead of letting everybody pass. */
  readonly authorize?: Authorize;
};

const REGISTRY_PREFIX = 5;

/** A receiver in this process, whole but for Kafka: until the test ends it answers at `url`, and keeps what it would write. */
export async function receiverWithoutKafka(schema: object, options: Options = {}) {
  const stream = parseStream('test/posts.avsc', JSON.stringify(schema));
  const { log, lines } = capturedLog('info');
  const metrics = createMetrics('receiver');
  const records: LaneRecord[] = [];
  const producer: Producer = {
    async produce(_topic, added) {
      await options.beforeAcknowledging?.();
      const first = records.push(...added) - added.length;
      return added.map(({ partition }, index) => ({ partition, offset: BigInt(first + index) }));
    },
    partitionCount: () => 3,
    inFlight: () => ({ records: 0, bytes: 0 }),
    close: async () => undefined,
  };
  const toRecords = new Map([[stream, compileRecord(stream, 1, () => 3)]]);
  const { authorize = anybody } = options;
  const { posts, routes } = receiverRoutes({
    ...{ toRecords, partitionsOf: () => 3, producer, log, ...LIMITS, ...options, authorize },
  });
  const ready = createHealth({ cacheMs: 0 }).report;
  const frame = { name: 'receiver', log, metrics, ready, openapi: () => ({}), authorize };
  const app = createApp({ ...frame, routes });
  const url = await serveForTest(createFastPath({ posts, app, answerError: createAnswerError(log), log, metrics }));
  const type = avscType(stream.avro);

  return {
    stream,
    url: `${url}${stream.path}`,
    metrics,
    /** What was logged at `info` or above. */
    lines,
    /** What it would have written, tombstones among it. */
    records: (): readonly LaneRecord[] => records,
    written: (): Value[] =>
      records.map(({ value }) => type.fromBuffer(Buffer.from(value ?? []).subarray(REGISTRY_PREFIX))),
    /** Sends anything to anywhere. */
    async send(method: string, path: string, init: RequestInit = {}) {
      const response = await fetch(`${url}${path}`, { ...init, method });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
    async post(body: unknown, headers: Readonly<Record<string, string>> = {}, path = stream.path) {
      const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const given = { 'content-type': 'application/json', ...headers };
      const response = await fetch(`${url}${path}`, { method: 'POST', headers: given, body: bytes });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: JSON.parse(text) };
    },
  };
}
