import { createLog } from '@millrace/core/log/create-log';
import { expect, it, onTestFinished } from 'vitest';
import { numberStream } from '../order/number-stream.ts';
import { blockOf, fakeHistory } from '../test/fake-history.ts';
import { watchCatchUp } from './watch-catch-up.ts';

const log = createLog({ name: 'test', level: 'silent' });

function catchingUp() {
  const history = fakeHistory();
  const numbering = numberStream({ history, clockSkewMs: 0 }, [0]);
  let now = 0;
  const catchUp = watchCatchUp({ numberings: () => [numbering], building: () => [] }, log, () => now);
  onTestFinished(catchUp.close);
  return {
    numbering,
    ends: (lowOffset: bigint, logEndOffset: bigint) =>
      numbering.beginEndOffsetFetch()([{ partition: 0, lowOffset, logEndOffset }]),
    async number(from: bigint, count: number) {
      numbering.add(0, blockOf(0, from, Array(count).fill(1)));
      while (await numbering.numberNext());
    },
    after(ms: number) {
      now += ms;
      return catchUp.check();
    },
  };
}

it('names the streams of which Kafka has not said how much there is', () => {
  expect(catchingUp().after(0)).toEqual({
    ok: false,
    detail: 'catching up: waiting for Kafka to say how much there is of things',
  });
});

it('says how much is left by what was done of late, and nothing while nothing moves', async () => {
  const { ends, number, after } = catchingUp();
  ends(0n, 1_000n);

  expect(after(0)).toEqual({ ok: false, detail: 'catching up: 0 of 1000 offsets (0 %)' });
  await number(0n, 100);
  expect(after(1_000)).toEqual({ ok: false, detail: 'catching up: 100 of 1000 offsets (10 %), about 9 s left' });
  for (let i = 0; i < 30; i += 1) after(1_000);
  expect(after(1_000)).toEqual({ ok: false, detail: 'catching up: 100 of 1000 offsets (10 %)' });
  await number(100n, 900);
  expect(after(1_000)).toEqual({ ok: true, detail: 'caught up' });
});

it('counts what is really to be read after records were deleted', async () => {
  const { ends, number, after } = catchingUp();
  ends(0n, 1_000_000n);
  await number(0n, 100);
  after(0);

  ends(999_000n, 1_000_000n);

  expect(after(1_000)).toEqual({ ok: false, detail: 'catching up: 100 of 1100 offsets (9 %)' });
  await number(999_000n, 500);
  expect(after(1_000)).toEqual({ ok: false, detail: 'catching up: 600 of 1100 offsets (54 %), about 2 s left' });
  ends(1_000_001n, 1_000_001n);
  expect(after(1_000)).toEqual({ ok: true, detail: 'caught up' });
});
