/** A bound in microseconds as one for a field of milliseconds: the next millisecond, as no time of the field lies between. */
export function boundMillis(micros: bigint): number {
  const whole = micros / 1_000n;
  return Number(whole * 1_000n < micros ? whole + 1n : whole);
}
