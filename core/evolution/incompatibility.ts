import type { AvroRecordJson } from '../schema/stream.ts';
import { sentenceOf } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';

/** A schema that records were written under: `version 2 of running-value`, `schemas/released/running/1.avsc`. */
export type EarlierSchema = { readonly name: string; readonly schema: unknown };

/**
 * Why records written under any of the earlier schemas could not be read under the new one: a few lines with both sides of
 * every change that is to blame. Undefined when all can be read.
 */
export function incompatibility(earlier: readonly EarlierSchema[], schema: AvroRecordJson): string | undefined {
  const lines = earlier.flatMap(({ name, schema: before }) => {
    const toBlame = compareSchemas(before, schema).filter(({ notBackward }) => notBackward !== undefined);
    if (toBlame.length === 0) return [];
    const sides = toBlame.flatMap((change) => [
      `    ${sentenceOf(change)}`,
      `      before: ${change.before}`,
      `      now:    ${change.after}`,
    ]);
    return [`  against ${name}:`, ...sides];
  });
  return lines.length > 0 ? lines.join('\n') : undefined;
}
