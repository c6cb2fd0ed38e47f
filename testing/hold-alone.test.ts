import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { holdAlone } from './hold-alone.ts';

it('lets one after the other hold a name, and others hold other names', async () => {
  const name = randomUUID();
  const said: string[] = [];
  const giveBack = await holdAlone(name);
  const second = holdAlone(name).then(async (again) => {
    said.push('second');
    await again();
  });

  await (await holdAlone(randomUUID()))();
  said.push('first');
  await giveBack();
  await second;

  expect(said).toEqual(['first', 'second']);
});
