/** Thrown by `onBatch` when a batch does not follow its checkpoint: the partition is then read from the checkpoint on. */
export class OutOfPlace extends Error {
  override readonly name = 'OutOfPlace';
  /** Nothing went wrong: the checkpoint is to be looked at again. */
  readonly isRoutine: boolean;

  constructor(reason: string, { isRoutine = false }: { isRoutine?: boolean } = {}) {
    super(reason);
    this.isRoutine = isRoutine;
  }
}
