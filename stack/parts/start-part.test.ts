import { describe, expect, it } from 'vitest';
import { answering, nodePart } from '../test/node-part.ts';
import { startPart } from './start-part.ts';

describe('startPart', () => {
  it('returns once the part answers, and stops it', async () => {
    const { part, logFile } = await nodePart(answering);

    const running = await startPart(part, { logFile });

    expect(await part.ready()).toBe(true);
    await running.stop();
    expect(await running.ended).toBe('was ended by SIGTERM');
    expect(await part.ready()).toBe(false);
  });

  it('says how a part ended before it was ready, with the end of its log', async () => {
    const { part, logFile } = await nodePart("console.error('no such setting: x'); process.exit(3);");

    const failure = startPart(part, { logFile });

    await expect(failure).rejects.toThrow(
      /^small ended with code 3 before it was ready\. From .*\n {2}no such setting: x$/,
    );
  });

  it('gives up on one that stays silent, and leaves no process', async () => {
    const { part, logFile } = await nodePart('setInterval(() => {}, 1000);');
    let pid = 0;

    const failure = startPart(part, {
      logFile,
      readyWithinMs: 300,
      onSpawn: (id) => {
        pid = id;
      },
    });

    await expect(failure).rejects.toThrow('small was not ready within 0 s');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('leaves no process of one that answers and cannot be configured', async () => {
    const { part, logFile } = await nodePart(answering);
    const configure = () => Promise.reject(new Error('refused its rule'));

    await expect(startPart({ ...part, configure }, { logFile })).rejects.toThrow('small refused its rule');

    expect(await part.ready()).toBe(false);
  });

  it('kills what does not stop when told', async () => {
    const { part, logFile } = await nodePart(`process.on('SIGTERM', () => {}); ${answering}`);
    const running = await startPart({ ...part, stopWithinMs: 200 }, { logFile });

    await running.stop();

    expect(await running.ended).toBe('was ended by SIGKILL');
  });

  it('names the program that cannot be run', async () => {
    const { part, logFile } = await nodePart('');
    const absent = { ...part, command: async () => ({ file: '/nowhere/java', args: [] }) };

    await expect(startPart(absent, { logFile })).rejects.toThrow('small could not be run: spawn /nowhere/java ENOENT');
  });
});
