import { expect, it } from 'vitest';
import type { Outcome } from '../evaluate/outcome.ts';
import { ruleOf } from '../test/drive.ts';
import { type Failing, watchFailures } from './watch-failures.ts';

const rule = ruleOf({ ruleId: 'a', when: 'true' });
const other = ruleOf({ ruleId: 'b', when: 'true' });
const failure = (of = rule): Outcome => ({
  ...{ rule: of, accountId: 'x', cause: 'event', outcome: 'error', reason: 'no such key', values: {} },
  ...{ time: 0, depth: 0, at: 0, traceId: '' },
});

function watch(share: number) {
  const failing: Failing[] = [];
  const seen = watchFailures(share, (each) => failing.push(each));
  const see = (failures: number, successes: number, of = rule) => {
    for (let i = 0; i < Math.max(failures, successes); i += 1) {
      if (i < successes) seen(of);
      if (i < failures) seen(of, failure(of));
    }
  };
  return { failing, see };
}

it('says so once half of the evaluations have failed, and not before there are twenty', () => {
  const { failing, see } = watch(0.5);

  see(19, 0);
  expect(failing).toEqual([]);
  see(1, 0);

  expect(failing).toMatchObject([{ failures: 20, of: 20, last: { reason: 'no such key' } }]);
});

it('looks at the last hundred evaluations alone', () => {
  const { failing, see } = watch(0.5);

  see(0, 1_000);
  see(49, 0);
  expect(failing).toEqual([]);
  see(1, 0);

  expect(failing).toMatchObject([{ failures: 50, of: 100 }]);
});

it('leaves a rule alone that fails less, and tells rules apart', () => {
  const { failing, see } = watch(0.5);

  for (let i = 0; i < 100; i += 1) see(4, 5);
  see(10, 0, other);

  expect(failing).toEqual([]);
});

it('begins anew after it has said so', () => {
  const { failing, see } = watch(1);

  see(39, 0);

  expect(failing).toHaveLength(1);
});
