/** An event that matches a delivery's filter, ready to be sent. */
export type DeliveredEvent = {
  readonly offset: bigint;
  /** Of its key: events of the same one are sent in order. */
  readonly keyDigest: string;
  readonly eventId: string;
  /** The text that is sent. */
  readonly body: Buffer;
  readonly appendedAt: number;
};
