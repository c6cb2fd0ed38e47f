type MismatchOptions = {
  /** `verify`: nothing went wrong, the record before the checkpoint is to be read and compared again. */
  readonly reason?: 'verify';
};

/** Thrown by `onBatch` when a batch does not follow its checkpoint: the partition is then read from the checkpoint on. */
export class CheckpointMismatch extends Error {
  override readonly name = 'CheckpointMismatch';
  readonly reason: 'verify' | undefined;

  constructor(message: string, { reason }: MismatchOptions = {}) {
    super(message);
    this.reason = reason;
  }
}
