import { type Caller, insufficientScope, isPermitted, ownerOnly } from '@millrace/core/access/caller';
import type { Stream } from '@millrace/core/schema/stream';

/** The streams of which a caller may read every event. Throws `insufficient-scope` where there are none. */
export function wholeStreams(streams: readonly Stream[], caller: Caller): readonly Stream[] {
  const whole = streams.filter(
    (stream) => isPermitted(caller, 'read', stream) && ownerOnly(caller, stream) === undefined,
  );
  if (whole.length > 0 || streams.length === 0) return whole;
  throw insufficientScope('The summary is about everybody’s events; ask with stream= for your own.', 'read');
}
