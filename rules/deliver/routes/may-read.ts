import { readOf } from '@millrace/core/access/access';
import { type Caller, insufficientScope, ownerOnly, permit } from '@millrace/core/access/caller';
import type { Stream } from '@millrace/core/schema/stream';

/** Throws unless the caller may read all of a stream: a delivery sends all of it. */
export function requireWholeStream(caller: Caller, stream: Stream): void {
  permit(caller, readOf(stream));
  if (ownerOnly(caller, stream) !== undefined)
    throw insufficientScope(
      `The token lacks the scope read or read:${stream.name}: a delivery sends every event.`,
      'read',
    );
}
