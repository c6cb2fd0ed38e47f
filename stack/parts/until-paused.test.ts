import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { untilPaused } from './until-paused.ts';

it.runIf(process.platform === 'linux')('waits until a busy process has stopped', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("on"); for (;;);']);
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await once(child.stdout, 'data');
  const { pid = 0 } = child;

  child.kill('SIGSTOP');
  await untilPaused(pid);

  expect(await readFile(`/proc/${pid}/status`, 'utf8')).toContain('State:\tT');
});

it('does not wait for a process that is gone', async () => {
  await untilPaused(2 ** 22 + 1);
});
