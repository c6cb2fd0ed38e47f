import { z } from 'zod';

/** The number of parking passes of each type, in the order in which they are shown. */
export type ParkingLimits = ReadonlyMap<string, number>;

const ENTRY = /^([^=]{1,100})=(\d{1,9})$/;

/** `type=number`, with commas between. */
export const limitsSetting: z.ZodType<ParkingLimits, string> = z.string().transform((text, context): ParkingLimits => {
  const limits = new Map<string, number>();
  for (const entry of text.split(',').map((each) => each.trim())) {
    const [, type = '', limit] = ENTRY.exec(entry) ?? [];
    if (limit === undefined || type.trim() === '' || limits.has(type.trim())) {
      context.addIssue({ code: 'custom', message: 'must be type=number, each type once, with commas between' });
      return z.NEVER;
    }
    limits.set(type.trim(), Number(limit));
  }
  return limits;
});
