import { ANONYMOUS, type Caller } from '@millrace/core/access/caller';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { expect, it } from 'vitest';
import { requireWholeStream } from './may-read.ts';

it('lets only those make a delivery of a stream who may read all of it', async () => {
  const streams = await loadStreams(schemasDir);
  const caller = (...scopes: string[]): Caller => ({ subject: 'me', clientId: 'app', scopes: new Set(scopes) });
  const may = (who: Caller, name: string): string => {
    const stream = streams.find((each) => each.name === name);
    if (!stream) throw new Error(`no stream ${name}`);
    try {
      requireWholeStream(who, stream);
      return 'may';
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'threw';
    }
  };

  expect(may(caller('rules', 'read'), 'running')).toBe('may');
  expect(may(caller('rules', 'read:running'), 'running')).toBe('may');
  expect(may(caller('rules', 'read:running'), 'music')).toBe('insufficient-scope');
  expect(may(caller('rules'), 'running')).toBe('insufficient-scope');
  expect(may(caller('rules', 'read:own'), 'running')).toBe('insufficient-scope');
  expect(may(ANONYMOUS, 'running')).toBe('may');
  expect(may(ANONYMOUS, 'relay-messages')).toBe('unauthorized');
});
