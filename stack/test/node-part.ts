import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../parts/free-port.ts';
import { httpAnswers } from '../parts/http-answers.ts';
import type { Part } from '../parts/part.ts';

/** A part that is a small Node program; it finds the port in `port`, and answers HTTP if it wants to be ready. */
export async function nodePart(program: string): Promise<{ readonly part: Part; readonly logFile: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-part-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const port = await freePort();
  const part: Part = {
    name: 'small',
    port,
    portVariable: 'SMALL_PORT',
    stopWithinMs: 1_000,
    ready: () => httpAnswers(`http://127.0.0.1:${port}`),
    command: async () => ({ file: process.execPath, args: ['-e', `const port = ${port}; ${program}`] }),
  };
  return { part, logFile: join(dir, 'small.log') };
}

/** Answers every request. */
export const answering = "require('http').createServer((_, res) => res.end()).listen(port, '127.0.0.1');";
