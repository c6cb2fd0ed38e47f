import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claim, liveSupervisor } from './claim.ts';

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-claim-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

describe('claim', () => {
  it('lets one supervisor have the folder until it lets go', async () => {
    const dir = await folder();
    const first = await claim(dir);

    expect(await claim(dir)).toBeUndefined();
    expect(await liveSupervisor(dir)).toEqual(first?.self);
    await first?.release();
    expect(await claim(dir)).toBeDefined();
  });

  it('takes over from one that is dead, even if its process id lives on as another process', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'supervisor.pid'), `${process.pid}\nlong ago\n`);

    expect(await liveSupervisor(dir)).toBeUndefined();
    expect(await claim(dir)).toBeDefined();
  });
});
