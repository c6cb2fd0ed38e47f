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

  it("gives a service's own reason in full, with every fault of it, and leaves its log lines out", async () => {
    const long = `storage cannot start: ${'schemas/fitness/running.avsc: '.repeat(30)}`;
    const program = `
      console.log('{"level":"info","msg":"starting"}');
      console.error(${JSON.stringify(`${long}\n  STUCK_AFTER_MS must be a whole number`)});
      console.log('{"level":"info","msg":"stopped"}');
      process.exit(1);`;
    const { part, logFile } = await nodePart(program);

    const failure = await startPart(part, { logFile }).then(() => '', String);

    expect(failure.split('\n').slice(1)).toEqual([`  ${long}`, '    STUCK_AFTER_MS must be a whole number']);
  });

  it('says what one that is never ready waits for', async () => {
    const { part, logFile } = await nodePart('setInterval(() => {}, 1000);');
    const explain = async () => 'service starting: waiting for the database';

    const failure = startPart({ ...part, explain }, { logFile, readyWithinMs: 300 });

    await expect(failure).rejects.toThrow('within 0 s, as it says: service starting: waiting for the database. From');
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

  it('kills what does not stop on SIGTERM', async () => {
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
