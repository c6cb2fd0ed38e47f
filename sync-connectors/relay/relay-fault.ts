/** Why nothing could be sent for now. Its message holds no secret. */
export class RelayFault extends Error {
  override readonly name = 'RelayFault';
  /** How long the server asks to wait. */
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.waitMs = waitMs;
  }
}
