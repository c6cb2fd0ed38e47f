/** The record before the checkpoint is not the one that was stored: the topic was recreated and has grown past it. */
export class TopicReplaced extends Error {
  override readonly name = 'TopicReplaced';
  readonly nextOffset: bigint;

  constructor(nextOffset: bigint) {
    super('the topic holds another record where the last one was stored');
    this.nextOffset = nextOffset;
  }
}
