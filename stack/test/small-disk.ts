import { execFile } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type SmallDisk = {
  /** Writes until nothing more goes in. */
  fill(): Promise<void>;
  /** Gives back what `fill` took. */
  free(): Promise<void>;
  close(): Promise<void>;
};

/** Mounts a file system of its own on a folder; undefined where that is not allowed. */
export async function mountSmallDisk(dir: string, megabytes: number): Promise<SmallDisk | undefined> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'millrace-small-disk', dir]);
  } catch {
    return undefined;
  }
  const filler = join(dir, 'filler');
  return {
    async fill() {
      const file = await open(filler, 'a');
      try {
        for (let size = 65_536; size >= 1; size /= 2) {
          const bytes = Buffer.alloc(size);
          while ((await file.write(bytes).catch(() => ({ bytesWritten: 0 }))).bytesWritten > 0);
        }
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler),
    close: async () => void (await run('umount', ['-l', dir])),
  };
}
