import type { Stream } from '../schema/stream.ts';
import { sentenceOf, verdictOf } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import { type EarlierSchema, incompatibility } from './incompatibility.ts';

export type StreamCheck = {
  /** Whether records written under every earlier schema can be read. */
  readonly ok: boolean;
  /** For a person: one line for each change since the newest earlier schema, then what breaks against an older one. */
  readonly lines: readonly string[];
};

const VERDICTS = {
  fully: 'fully compatible',
  backward: 'backward compatible, not forward',
  forward: 'forward compatible, NOT backward',
  not: 'NOT compatible',
} as const;

/** Compares a stream with its earlier schemas, oldest first. */
export function checkStream(stream: Stream, earlier: readonly EarlierSchema[]): StreamCheck {
  const newest = earlier.at(-1);
  if (!newest) return { ok: true, lines: [`${stream.name}: new, nothing to compare with`] };
  const changes = compareSchemas(newest.schema, stream.avro);
  const headline =
    changes.length === 0
      ? `${stream.name}: as ${newest.name}`
      : `${stream.name}: ${VERDICTS[verdictOf(changes)]} with ${newest.name}`;
  const broken = incompatibility(earlier, stream.avro);
  const brokenEarlier = incompatibility([newest], stream.avro) === undefined ? broken : undefined;
  return {
    ok: broken === undefined,
    lines: [
      headline,
      ...changes.map((change) => `  ${sentenceOf(change)}`),
      ...(brokenEarlier === undefined ? [] : ['  Records of an older version could not be read:', brokenEarlier]),
    ],
  };
}
