/**
 * Why a call of a vendor, or a read, went wrong:
 * - `unavailable`: it did not answer, or with an error of its own; another run may work
 * - `throttled`: it asks to wait longer than a run would
 * - `budget`: the day's calls are used up
 * - `config`: credentials, permissions or paths are wrong: nothing works until a person mends them
 */
export type VendorFaultKind = 'unavailable' | 'throttled' | 'budget' | 'config';

/** The one error that a connector throws on purpose. Its message is shown in the run: it holds no secret. */
export class VendorFault extends Error {
  override readonly name = 'VendorFault';
  readonly kind: VendorFaultKind;

  constructor(kind: VendorFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
