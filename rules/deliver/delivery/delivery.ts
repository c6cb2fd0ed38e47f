/** A delivery as it is kept. Times are as the database writes them, in UTC. */
export type Delivery = {
  readonly deliveryId: string;
  readonly name: string;
  readonly stream: string;
  readonly url: string;
  readonly filter: string | null;
  /** Undefined while it runs. */
  readonly paused: { readonly at: string; readonly because: string; readonly isGone: boolean } | undefined;
  /** Until when the endpoint asked to be left alone, in milliseconds since the epoch; 0 where it did not. */
  readonly notBefore: number;
  /** Grows with each change. */
  readonly revision: number;
  readonly filterErrors: number;
  readonly lastFilterError: string | null;
  /** Records that were removed from the topic before they were read. */
  readonly missed: number;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What a delivery's checkpoints, consumer group and leases are named by. */
export const consumerOf = (deliveryId: string): string => `delivery-${deliveryId}`;
