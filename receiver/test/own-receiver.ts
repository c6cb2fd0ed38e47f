import { randomUUID } from 'node:crypto';
import type { Fault } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import type { TopicRecord } from '@millrace/testing/own-topic';
import type { RunningService, StartOptions } from '@millrace/testing/start-service';
import { type Addresses, openWorld, type World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: AnswerBody };

/** What any answer of the receiver may hold. */
export type AnswerBody = {
  readonly event_id: string;
  readonly key: string;
  readonly trace_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly Fault[];
  readonly accepted: number;
  readonly rejected: number;
  readonly results: readonly (Pick<AnswerBody, 'event_id' | 'partition' | 'offset' | 'errors'> & {
    status: number;
    index: number;
  })[];
};

export type OwnReceiver = {
  readonly world: World;
  readonly stream: Stream;
  readonly receiver: RunningService;
  /** Where the stream's records are posted. */
  readonly url: string;
  /** Posts a body as it is, or a value as JSON. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** All that the topic holds now, ordered by partition and offset. */
  read(): Promise<TopicRecord[]>;
  close(): Promise<void>;
};

/** A receiver of one stream of its own, and ways to post to it and to read its topic. */
export async function ownReceiver(
  at: Pick<Addresses, 'kafkaBrokers' | 'registryUrl'>,
  schema: object,
  settings: Pick<StartOptions, 'onLine'> & { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<OwnReceiver> {
  const block = 'stream' in schema && typeof schema.stream === 'object' ? schema.stream : {};
  const posts = { ...schema, stream: { ...block, path: undefined } };
  const world = await openWorld({ kafkaBrokers: at.kafkaBrokers, registryUrl: at.registryUrl }, { schemas: { posts } });
  const receiver = await world.start('receiver', settings);
  const stream = world.stream();
  const url = `${receiver.url}${stream.path}`;

  return {
    ...{ world, stream, receiver, url },
    async post(body, headers = {}) {
      const bytes = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: bytes,
      });
      return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
    },
    read: () => world.read('posts'),
    async close() {
      await receiver.stop();
      await world.close();
    },
  };
}

export const runningSchema = (): Promise<object> => shippedSchema('fitness/running');

/** A run as an app would post it. */
export const run = (given: object = {}) => ({
  user_id: randomUUID(),
  duration: 1805.5,
  distance: 5012.3,
  timestamp: '2026-03-14T08:32:10.250+01:00',
  ...given,
});
