import { parseStream } from '@millrace/core/schema/parse-stream';
import type { Decoded } from '@millrace/core/stream/create-decoder';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../table/table-of.ts';
import { listing, listingSchema } from '../test/listings.ts';
import { compilePrepare } from './prepare-changes.ts';

const stream = parseStream('listing.avsc', JSON.stringify(listingSchema));
const table = tableOf(stream);
const recordOf = (key: string | null, value: Buffer | null = Buffer.alloc(0)) => ({
  ...{ offset: 0n, headers: {}, appendTime: 0, value },
  key: key === null ? null : Buffer.from(key),
});
const prepare = (decoded: Decoded, record = recordOf('k')) =>
  compilePrepare(stream, table, async () => [decoded])([record]);
const decodedListing = (change: object): Decoded => ({ value: { ...listing('a', 1, [1, 2]), ...change } });

describe('a record', () => {
  it('becomes a row with its key, and the rows of its arrays on every level, parents first', async () => {
    const { changes, rejected } = await prepare(decodedListing({}));

    expect(rejected).toEqual([]);
    expect(changes).toHaveLength(1);
    const [change] = changes;
    expect(change?.key).toBe("'a'");
    const children = change?.kind === 'row' ? change.children : [];
    expect(children.map(({ table: { name }, tuple }) => `${name} ${/^\('a'(?:,\d+)+/.exec(tuple)?.[0]}`)).toEqual([
      "listing_plans ('a',0",
      "listing_zones ('a',0,0",
      "listing_plans ('a',1",
      "listing_zones ('a',1,0",
      "listing_zones ('a',1,1",
    ]);
  });

  it.each<[string, Decoded, object]>([
    ['that does not decode', { fault: 'truncated' }, { stage: 'decode', code: 'undecodable', reason: 'truncated' }],
    [
      'with a time that is none',
      decodedListing({ updated_at: 9e15 }),
      { stage: 'table', reason: expect.stringMatching(/^updated_at is not a time/) },
    ],
    [
      'with a text that is too long',
      decodedListing({ listing_id: 'x'.repeat(65) }),
      { stage: 'table', reason: expect.stringMatching(/^column listing_id, VARCHAR\(64\), can't hold/) },
    ],
    [
      'with a child that does not fit',
      decodedListing({ plans: [{ ...listing('a', 1, [0]).plans[0], plan_id: 'x'.repeat(65) }] }),
      { stage: 'table', reason: expect.stringContaining('plan_id') },
    ],
  ])('%s is rejected with its reason', async (_, decoded, rejection) => {
    const { changes, rejected } = await prepare(decoded);

    expect(changes).toEqual([]);
    expect(rejected).toEqual([expect.objectContaining(rejection)]);
  });

  it('without a value removes its key, where there is one', async () => {
    const removal = await prepare({ fault: '' }, recordOf("it's", null));
    const without = await prepare({ fault: '' }, recordOf(null, null));

    expect(removal.changes).toMatchObject([{ kind: 'removal', key: "'it\\'s'" }]);
    expect(without.rejected).toMatchObject([{ stage: 'table', reason: "a tombstone's key must be a listing_id" }]);
  });
});
