import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { loadKafkajs, readUncommitted, requireVersion } from './patch-kafkajs.ts';

const require = createRequire(import.meta.url);
const kafkajs = loadKafkajs();

describe('loadKafkajs', () => {
  it('refuses another version, whose inside is not known', () => {
    expect(() => requireVersion('2.2.5')).toThrow('kafkajs 2.2.4; this is 2.2.5');
    expect(() => requireVersion('2.2.4')).not.toThrow();
  });

  it('sets no timer while nothing waits to be sent', () => {
    const RequestQueue = require('kafkajs/src/network/requestQueue');
    const queue = new RequestQueue({ logger: { debug() {} }, requestTimeout: 1_000, clientId: 'test', broker: 'test' });
    const timeouts = vi.spyOn(globalThis, 'setTimeout');

    queue.checkPendingRequests();
    const idle = timeouts.mock.calls.length;
    queue.throttledUntil = Date.now() + 60_000;
    queue.checkPendingRequests();
    const throttled = timeouts.mock.calls.map(([, ms]) => ms);
    queue.destroy();

    expect(idle).toBe(0);
    expect(throttled).toHaveLength(1);
    expect(throttled[0]).toBeGreaterThan(0);
  });

  it('takes a topic that is missing for one without partitions, and fails at any other fault', async () => {
    const { parse } = require('kafkajs/src/protocol/requests/metadata/v0/response');
    const topic = (name: string, topicErrorCode: number) => ({ topic: name, topicErrorCode, partitionMetadata: [] });
    const [there, missing, denied] = [topic('there', 0), topic('missing', 3), topic('denied', 29)];

    expect(await parse({ brokers: [], topicMetadata: [missing, there] })).toEqual({
      brokers: [],
      topicMetadata: [there],
    });
    await expect(parse({ brokers: [], topicMetadata: [there, denied] })).rejects.toThrow();
  });

  it('asks for the ends of open transactions only where that was asked for, and refuses a client that can not', () => {
    const client = new kafkajs.Kafka({ brokers: ['127.0.0.1:1'] });

    expect(readUncommitted(client)).toBeInstanceOf(kafkajs.Kafka);
    expect(() => readUncommitted(Object.create(null))).toThrow('unsupported kafkajs internals');
  });
});
