import { expect, it } from 'vitest';
import { parseStream } from './parse-stream.ts';

it('gives keys and dimensions of open text a length that an index can hold, and leaves the rest', () => {
  const { fields, key } = parseStream(
    'orders.avsc',
    JSON.stringify({
      type: 'record',
      name: 'Order',
      stream: { key: 'order_id', dimensions: ['city', 'shop'] },
      fields: [
        { name: 'order_id', type: 'string' },
        { name: 'city', type: ['null', 'string'], default: null },
        { name: 'shop', type: 'string', maxLength: 40 },
        { name: 'notes', type: 'string' },
      ],
    }),
  );

  expect(key.maxLength).toBe(255);
  expect(fields.slice(0, 4).map(({ maxLength }) => maxLength)).toEqual([255, 255, 40, undefined]);
});
