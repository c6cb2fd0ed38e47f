import type { Stream } from '../schema/stream.ts';
import { compareConstraints } from './compare-constraints.ts';
import { compareStreamBlocks } from './compare-stream-blocks.ts';
import type { ContractChange } from './contract-change.ts';

/** What differs between two versions of a stream beside the schema that is registered. */
export const compareContracts = (before: Stream, after: Stream): ContractChange[] => [
  ...compareStreamBlocks(before, after),
  ...compareConstraints(before.fields, after.fields),
];
