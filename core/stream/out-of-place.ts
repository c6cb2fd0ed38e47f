/** Thrown by `onBatch` when a batch does not follow its checkpoint: the partition is then read from the checkpoint on. */
export class OutOfPlace extends Error {
  override readonly name = 'OutOfPlace';
}
