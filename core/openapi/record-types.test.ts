import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseStream } from '../schema/parse-stream.ts';
import { recordTypes } from './record-types.ts';

const journeys = parseStream(
  'test/journeys.avsc',
  await readFile(join(import.meta.dirname, '../test/journeys.avsc'), 'utf8'),
);

it('writes every kind of field as TypeScript, on the way in and on the way out', () => {
  const lines = recordTypes(journeys).split('\n');

  expect(lines).toEqual(
    expect.arrayContaining([
      'export type Journeys = {',
      "  readonly mode: 'walk' | 'ride' | 'fly';",
      '  readonly steps?: number | null;',
      '  readonly fare: string | number;',
      '  readonly fare: string;',
      '  readonly from: Place;',
      '  readonly from: PlaceRow;',
      '  readonly to?: Place | null;',
      '  readonly legs?: readonly Leg[];',
      '  readonly labels?: { readonly [name: string]: string };',
      '  readonly readings?: { readonly [name: string]: readonly number[] } | null;',
      '  readonly note?: string | number | null;',
      'export type LegRow = {',
      '  readonly left_at: string | null;',
    ]),
  );
});
