import type { Stream } from '@millrace/core/schema/stream';

/** Whether a key's row can be removed: clients write it, and the newest record of the key is all there is of it. */
export const takesDeletes = ({ isPosted, store }: Stream): boolean => isPosted && store === 'upsert';
