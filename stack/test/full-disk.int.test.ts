import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '@millrace/testing/wait-until';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../parts/free-port.ts';
import { httpAnswers } from '../parts/http-answers.ts';
import type { Part } from '../parts/part.ts';
import { readState } from '../supervisor/stack-state.ts';
import { supervise } from '../supervisor/supervise.ts';
import { mountSmallDisk } from './small-disk.ts';

async function talkingPart(): Promise<Part> {
  const port = await freePort();
  const main = join(import.meta.dirname, 'logging-service.ts');
  return {
    name: 'talker',
    port,
    portVariable: 'TALKER_PORT',
    stopWithinMs: 1_000,
    ready: () => httpAnswers(`http://127.0.0.1:${port}`),
    command: async () => ({
      file: process.execPath,
      args: ['--conditions=source', '--import', 'tsx', main, String(port)],
    }),
  };
}

/** The last block may still have room for a few lines. */
async function untilNothingFits(log: () => Promise<string>): Promise<void> {
  let size = -1;
  const grows = async () => {
    const before = size;
    size = (await log()).length;
    return size !== before;
  };
  await waitUntil(grows, (isGrowing) => !isGrowing, { everyMs: 200 });
}

it('keeps what runs running through a full disk, restarts what dies, and writes again when there is room', async (test) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-full-disk-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const disk = await mountSmallDisk(dataDir, 2);
  if (!disk) return test.skip('a small file system can be mounted by root only');
  onTestFinished(() => disk.close());
  const said: string[] = [];
  const part = await talkingPart();
  const self = { pid: process.pid, startedAt: 'now' };
  const { started, close } = supervise({ waves: [[part]], dataDir, self, say: (line) => said.push(line) });
  const stateOf = async () => (await readState(dataDir))?.parts[0];
  const log = () => readFile(join(dataDir, 'logs', 'talker.log'), 'utf8');
  await started;
  const first = await stateOf();

  await disk.fill();
  const full = await log();
  process.kill(first?.process?.pid ?? 0, 'SIGKILL');
  await waitUntil(
    async () => said.filter((line) => line.startsWith('talker is ready')).length,
    (times) => times === 2,
  );
  await untilNothingFits(log);
  const whileFull = { answers: await part.ready(), shown: await stateOf(), grew: (await log()).length - full.length };
  await disk.free();
  const after = await waitUntil(stateOf, (state) => state?.state === 'ready' && state.restarts === 1);
  const text = await waitUntil(log, (lines) => /log lines were dropped.*ENOSPC/.test(lines));
  await close();

  expect(whileFull.answers).toBe(true);
  expect(whileFull.shown).toEqual(first);
  expect(after?.process?.pid).not.toBe(first?.process?.pid);
  expect(said).toContainEqual(expect.stringContaining('stack.json cannot be written: ENOSPC'));
  expect(said).toContain('stack.json is written again');
  const broken = text.split('\n').filter((line) => line !== '' && !/^\{.*\}$/.test(line));
  expect(broken.length).toBeLessThanOrEqual(1); // The line that SIGKILL left unfinished.
});
