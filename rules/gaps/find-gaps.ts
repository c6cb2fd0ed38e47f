import type { RuleRecord, RuleVersion } from '../catalog/catalog.ts';
import { overlap, type TimeRange, without } from './time-range.ts';

/** Append times that a version has not been evaluated for. */
export type Gap = TimeRange & {
  /** Whether the version was made after it, or was off. */
  readonly reason: 'made later' | 'off';
};

/**
 * What a version was meant to see and never saw, the oldest first: what was appended before it was made (from `effective_from` on, where
 * it has one), and while it was off. A gap that begins at 0 begins with history; one that is still open ends at infinity.
 * @param records of the rule, in their order
 * @param filled what the version has been evaluated for afterwards
 */
export function findGaps(
  records: readonly RuleRecord[],
  { version, definition }: Pick<RuleVersion, 'version' | 'definition'>,
  filled: readonly TimeRange[],
): Gap[] {
  const changes = records.filter(({ says }) => says.kind !== 'nothing');
  const isOfVersion = ({ says }: RuleRecord) => says.kind === 'version' && says.version.version === version;
  const madeAt = changes.find(isOfVersion)?.at;
  if (madeAt === undefined) return [];
  const seen = changes.flatMap((record, index): TimeRange[] => {
    const { says, at } = record;
    if (!isOfVersion(record) || says.kind !== 'version' || says.version.definition.mode === 'off') return [];
    return [{ from: at, to: changes[index + 1]?.at ?? Number.POSITIVE_INFINITY }];
  });
  const begin = definition.effective_from === null ? 0 : Date.parse(definition.effective_from);
  return without({ from: begin, to: Number.POSITIVE_INFINITY }, [...seen, ...filled]).flatMap((range) => [
    ...overlap(range, { from: 0, to: madeAt }).map((gap): Gap => ({ ...gap, reason: 'made later' })),
    ...overlap(range, { from: madeAt, to: Number.POSITIVE_INFINITY }).map((gap): Gap => ({ ...gap, reason: 'off' })),
  ]);
}
