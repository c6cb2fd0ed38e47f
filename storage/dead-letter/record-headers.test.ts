import { expect, it } from 'vitest';
import { parseHeaders } from './dead-letter-json.ts';
import { recordHeaders } from './record-headers.ts';

it('keeps the bytes of every header, those without a value, and names that are repeated', () => {
  const headers = { one: Buffer.from([0, 255]), none: null, many: [Buffer.from('a'), null], text: 'x' };

  const stored = recordHeaders({ headers });

  expect(stored).toEqual({ one: ['AP8='], none: [null], many: ['YQ==', null], text: ['eA=='] });
  expect(parseHeaders(JSON.stringify(stored))).toEqual(stored);
});
