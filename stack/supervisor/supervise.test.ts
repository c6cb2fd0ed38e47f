import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Part } from '../parts/part.ts';
import { answering, nodePart } from '../test/node-part.ts';
import { isRunning } from './process-identity.ts';
import { readState } from './stack-state.ts';
import { supervise } from './supervise.ts';

async function superviseParts(...waves: Part[][]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-supervise-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const said: string[] = [];
  const self = { pid: process.pid, startedAt: 'now' };
  const supervision = supervise({ waves, dataDir, self, say: (line) => said.push(line) });
  const stateOf = async (name: string) => (await readState(dataDir))?.parts.find((part) => part.name === name);
  return { ...supervision, said, stateOf, state: () => readState(dataDir) };
}

const named = async (name: string, program = answering) => ({ ...(await nodePart(program)).part, name });

describe('supervise', () => {
  it('starts a wave when the one before it is ready, and stops the last first', async () => {
    const { started, close, said, state } = await superviseParts([await named('kafka')], [await named('storage')]);

    await started;
    expect((await state())?.phase).toBe('running');
    await close();

    const order = said.map((line) => line.split(' after ')[0]?.replace(/ on port \d+/, ''));
    expect(order).toEqual(['kafka is ready', 'storage is ready', 'storage stopped', 'kafka stopped']);
    expect((await state())?.phase).toBe('stopped');
  });

  it('starts what dies again, and says so', async () => {
    const { started, close, said, stateOf } = await superviseParts([await named('storage')]);
    await started;
    const first = await stateOf('storage');

    process.kill(first?.process?.pid ?? 0, 'SIGKILL');

    await vi.waitFor(
      async () => expect(await stateOf('storage')).toMatchObject({ state: 'ready', restarts: 1 }),
      5_000,
    );
    const second = await stateOf('storage');
    expect(second?.process?.pid).not.toBe(first?.process?.pid);
    expect(said).toContain('storage was ended by SIGKILL; it is started again in 500 ms (restart 1)');
    await close();
  });

  it('gives up when a first start fails, and leaves nothing running', async () => {
    const broken = await named('storage', "console.log('no database'); process.exit(1)");
    const { started, close, state } = await superviseParts([await named('kafka')], [broken]);

    await expect(started).rejects.toThrow('storage ended with code 1 before it was ready');
    const { process: kafka } = (await state())?.parts[0] ?? {};
    await close('storage failed');

    expect(await state()).toMatchObject({ phase: 'failed', failure: 'storage failed' });
    expect(kafka && (await isRunning(kafka))).toBe(false);
  });

  it('can be closed while a part is still starting', async () => {
    const { started, close, state } = await superviseParts([await named('slow', 'setInterval(() => {}, 1000)')]);
    const failed = expect(started).rejects.toThrow('slow was stopped before it was ready');
    await vi.waitFor(async () => expect((await state())?.parts[0]?.process).toBeDefined(), 5_000);

    await close();

    await failed;
    expect((await state())?.parts[0]).toMatchObject({ state: 'stopped' });
  });
});
