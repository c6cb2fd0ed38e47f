import type { Stream } from '../schema/stream.ts';
import { deadLetterChannel } from './dead-letter-channel.ts';
import { pascalCase } from './document.ts';
import { rowExampleOf } from './example-of.ts';

const KAFKA_VERSION = '0.5.0';
const FOREVER = -1;

/** An AsyncAPI 3.0 document of the topics: their keys, Avro values and headers, and how a consumer finds their schemas. */
export const asyncapiOf = (streams: readonly Stream[]): object => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Millrace topics',
    version: '1.0.0',
    description:
      'One topic per stream, and one for what of it can not be stored. Values are Avro in the wire format of the schema registry (a zero byte, the schema id in four ' +
      'bytes, the record), written with acks=all, timed by append. Every value has event_id, trace_id, source and ingested_at.',
    license: { name: 'MIT' },
  },
  defaultContentType: 'application/vnd.apache.avro+binary',
  servers: {
    local: {
      host: '127.0.0.1:9092',
      protocol: 'kafka',
      bindings: {
        kafka: {
          schemaRegistryUrl: 'http://127.0.0.1:8181/apis/ccompat/v7',
          schemaRegistryVendor: 'confluent',
          bindingVersion: KAFKA_VERSION,
        },
      },
    },
  },
  channels: Object.fromEntries(
    streams.flatMap((stream) => [
      [stream.topic, channelOf(stream)],
      [stream.deadLetterTopic, deadLetterChannel(stream, KAFKA_VERSION)],
    ]),
  ),
  operations: Object.fromEntries(
    streams.flatMap((stream) => [
      [`receive${pascalCase(stream.name)}`, receive(stream.topic, `Follow ${stream.name}.`)],
      [
        `receive${pascalCase(stream.name)}DeadLetters`,
        receive(stream.deadLetterTopic, `Follow what can't be stored of ${stream.name}.`),
      ],
    ]),
  ),
});

const receive = (topic: string, summary: string) => ({
  action: 'receive',
  channel: { $ref: `#/channels/${topic}` },
  summary,
});

const channelOf = (stream: Stream) => ({
  address: stream.topic,
  title: stream.name,
  description: stream.doc,
  messages: { [pascalCase(stream.name)]: messageOf(stream) },
  bindings: {
    kafka: {
      topic: stream.topic,
      partitions: stream.partitions,
      topicConfiguration: { 'retention.ms': stream.retentionMs ?? FOREVER },
      bindingVersion: KAFKA_VERSION,
    },
  },
});

function describeKey({ key, store }: Stream): string {
  const order = `The text of ${key.name}; records with one key keep their order.`;
  return store === 'append' ? order : `${order} One without a value is a tombstone: it removes what the key has.`;
}

const messageOf = (stream: Stream) => ({
  name: stream.recordName,
  summary: stream.doc,
  contentType: 'application/vnd.apache.avro+binary',
  payload: { schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0', schema: stream.avro },
  headers: {
    type: 'object',
    properties: {
      traceparent: { type: 'string', description: 'W3C Trace Context of the request that brought the record.' },
      'redrive-attempts': {
        type: 'string',
        description: 'On a record that a redrive sent back: how often it was tried.',
      },
    },
  },
  bindings: {
    kafka: {
      key: { type: 'string', description: describeKey(stream) },
      schemaIdLocation: 'payload',
      schemaIdPayloadEncoding: 'confluent',
      schemaLookupStrategy: 'TopicNameStrategy',
      bindingVersion: KAFKA_VERSION,
    },
  },
  examples: [{ name: 'example', payload: rowExampleOf(stream) }],
});
