import { expect, it } from 'vitest';
import { openThings } from '../test/things.ts';
import { numberStream } from './number-stream.ts';
import { TopicChanged } from './topic-changed.ts';

const endingAt = (logEndOffset: bigint) => [{ partition: 0, lowOffset: 0n, logEndOffset }];

it('takes a topic for another when it ends before what was read, but not when more was read while the answer came', async () => {
  const history = await (await openThings()).open();
  const numbering = numberStream({ history, clockSkewMs: 0 }, [0]);
  numbering.skipTo(0, 400n);

  const takeIn = numbering.askEnds();
  numbering.skipTo(0, 500n);

  expect(() => takeIn(endingAt(400n))).not.toThrow();
  expect(() => numbering.askEnds()(endingAt(400n))).toThrow(TopicChanged);
});
