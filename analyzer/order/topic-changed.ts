import type { Stream } from '@millrace/core/schema/stream';

/** A topic is not the one that was read before: truncated, recreated, or restored from an older copy. */
export class TopicChanged extends Error {
  override readonly name = 'TopicChanged';
  readonly stream: Stream;
  readonly reason: string;

  constructor(stream: Stream, reason: string) {
    super(`the topic ${stream.topic} has changed: ${reason}`);
    this.stream = stream;
    this.reason = reason;
  }
}
