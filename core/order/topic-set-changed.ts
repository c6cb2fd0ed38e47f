import type { Stream } from '../schema/stream.ts';

/** A topic was deleted, or a missing one was created: the topics to read must be chosen again. */
export class TopicSetChanged extends Error {
  override readonly name = 'TopicSetChanged';
  readonly stream: Stream;

  constructor(stream: Stream, happened: 'is missing' | 'is there again') {
    super(`the topic ${stream.topic} ${happened}`);
    this.stream = stream;
  }
}
