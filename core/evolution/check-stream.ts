import type { Stream } from '../schema/stream.ts';
import { sentenceOf, verdictOf } from './change.ts';
import { compareContracts } from './compare-contracts.ts';
import { compareSchemas } from './compare-schemas.ts';
import { type ContractChange, contractSentence } from './contract-change.ts';
import { type EarlierSchema, incompatibility } from './incompatibility.ts';

export type StreamCheck = {
  /** Whether records written under every earlier schema can be read. What breaks clients only is said, and is no fault. */
  readonly ok: boolean;
  /** Whether anything differs from the newest earlier version; true for a stream that has none. */
  readonly changed: boolean;
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
  if (!newest) return { ok: true, changed: true, lines: [`${stream.name}: new, nothing to compare with`] };
  const changes = compareSchemas(newest.schema, stream.avro);
  const contract = newest.stream ? compareContracts(newest.stream, stream) : [];
  const verdict = changes.length === 0 ? 'as' : `${VERDICTS[verdictOf(changes)]} with`;
  const broken = incompatibility(earlier, stream.avro);
  const brokenEarlier = incompatibility([newest], stream.avro) === undefined ? broken : undefined;
  return {
    ok: broken === undefined,
    changed: changes.length > 0 || contract.length > 0,
    lines: [
      `${stream.name}: ${verdict} ${newest.name}${contractText(contract)}`,
      ...changes.map((change) => `  ${sentenceOf(change)}`),
      ...contract.map((change) => `  ${contractSentence(change)}`),
      ...(brokenEarlier === undefined ? [] : ['  Records of an older version could not be read:', brokenEarlier]),
    ],
  };
}

function contractText(changes: readonly ContractChange[]): string {
  if (changes.length === 0) return '';
  const breaking = changes.filter(({ breaks }) => breaks !== undefined).length;
  return `; other changes: ${changes.length}, ${breaking === 0 ? 'none' : breaking} of them BREAKING`;
}
