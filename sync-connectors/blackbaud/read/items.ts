import type { ReadItem } from '../../frame/connector.ts';
import type { EntityProfile } from '../profiles/profile.ts';
import type { EntitySpec } from '../rows/entity-spec.ts';
import { mapRow, type SourceRow } from '../rows/map-row.ts';

export type Mapping = { readonly spec: EntitySpec; readonly profile: EntityProfile; readonly zone: string };

/** The items of some rows. @param place where they stand in the source: `page 3` */
export function* itemsOf(
  rows: readonly SourceRow[],
  place: string,
  { spec, profile, zone }: Mapping,
): Generator<ReadItem> {
  for (const [index, row] of rows.entries()) {
    const at = `${place}, row ${index + 1}`;
    const mapped = mapRow(spec, profile.fields, row, zone);
    if (mapped.ok) yield { kind: 'record', id: mapped.id, value: mapped.value, at };
    else yield { kind: 'rejected', id: mapped.id, at, pointer: mapped.pointer, reason: mapped.reason };
  }
}
