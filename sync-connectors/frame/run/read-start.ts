import type { Entity } from '../connector.ts';
import type { EntityState } from '../state/entity-state.ts';
import type { OpenPart } from './part-rows.ts';

/** Where a read begins, and whether it only sees what has changed since. */
export function readStart(
  { readsWhole = false }: Pick<Entity, 'readsWhole'>,
  { scope, full }: Pick<OpenPart, 'scope' | 'full'>,
  { cursor, isOther }: Pick<EntityState, 'cursor' | 'isOther'>,
): Pick<EntityState, 'cursor'> & { readonly isIncremental: boolean } {
  // Under other credentials or filters, what is unchanged was never seen.
  const goesOn = scope.kind === 'all' && !full && !(readsWhole && isOther);
  return { cursor: goesOn ? cursor : undefined, isIncremental: goesOn && cursor !== undefined && !readsWhole };
}
