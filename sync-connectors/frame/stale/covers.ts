import type { Connector, Entity, Json, Scope } from '../connector.ts';

export type Row = { readonly [name: string]: Json };

/** Whether a row lies in a scope. Undefined where the connector can't say it of such a scope. */
export type Covers = (id: string, row: () => Row) => boolean;

export function coversOf(connector: Connector, entity: Entity, scope: Scope): Covers | undefined {
  if (scope.kind === 'all') return () => true;
  if (scope.kind === 'one') return (id) => id === scope.id;
  const { covers } = connector;
  return covers && ((_, row) => covers.call(connector, entity, scope, row()));
}

/** A read can't have seen more than it was asked for. */
export const narrowed = (asked: Scope, seen: Scope): Scope => (asked.kind === 'all' ? seen : asked);
