import { expect, it } from 'vitest';
import { offsetCursor, runCursor, writeCursor } from './page-cursor.ts';

const RUN = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a93';

it('is read as it was written', () => {
  expect(runCursor.parse(writeCursor(RUN))).toBe(RUN);
  expect(offsetCursor.parse(writeCursor('120'))).toBe(120);
});

it('is nothing that somebody made up', () => {
  for (const text of ['', 'x', RUN, writeCursor('-1'), writeCursor("1' OR 1")])
    expect([runCursor.safeParse(text).success, offsetCursor.safeParse(text).success]).toEqual([false, false]);
});
