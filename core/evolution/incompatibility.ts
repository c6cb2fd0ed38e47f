import type { AvroRecordJson, Stream } from '../schema/stream.ts';
import { sentenceOf } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';

/** A schema that records were written under: `version 2 of running-value`, `released/running/1.avsc`. */
export type EarlierSchema = {
  readonly name: string;
  readonly schema: unknown;
  /** What the whole file said, where it was kept: a registry knows the schema only. */
  readonly stream?: Stream;
};

/**
 * Why records already written could not be read under the new schema: both sides of every change that is to blame, against
 * the newest of the earlier schemas (oldest first) that it can't read. Undefined when it can read all.
 */
export function incompatibility(earlier: readonly EarlierSchema[], schema: AvroRecordJson): string | undefined {
  for (const { name, schema: before } of earlier.toReversed()) {
    const toBlame = compareSchemas(before, schema).filter(({ notBackward }) => notBackward !== undefined);
    if (toBlame.length === 0) continue;
    const sides = toBlame.flatMap((change) => [
      `    ${sentenceOf(change)}`,
      `      before: ${change.before}`,
      `      now:    ${change.after}`,
    ]);
    return [`  against ${name}:`, ...sides].join('\n');
  }
  return undefined;
}
