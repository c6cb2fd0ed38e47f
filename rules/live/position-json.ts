import { z } from 'zod';
import type { Position } from '../engine/position.ts';

const time = z
  .number()
  .nullable()
  .transform((at) => at ?? Number.NEGATIVE_INFINITY);
const position = z.object({
  reached: time,
  lanes: z.array(z.tuple([z.string(), z.string().regex(/^\d+$/), time])),
});

export const writePosition = ({ reached, lanes }: Position): string =>
  JSON.stringify({
    reached: finite(reached),
    lanes: [...lanes].map(([name, { nextOffset, orderTime }]) => [name, String(nextOffset), finite(orderTime)]),
  });

export function readPosition(text: string): Position {
  const { reached, lanes } = position.parse(JSON.parse(text));
  return {
    reached,
    lanes: new Map(lanes.map(([name, offset, orderTime]) => [name, { nextOffset: BigInt(offset), orderTime }])),
  };
}

const finite = (at: number): number | null => (Number.isFinite(at) ? at : null);
