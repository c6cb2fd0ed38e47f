import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines } from '../parts/last-lines.ts';
import { StackError } from '../stack-error.ts';
import type { StackCli } from './stack-cli.ts';

type LogOptions = { readonly service?: string; readonly follow: boolean; readonly lines: number };

/** Whole lines added to a file since it was asked last. A file that became shorter is read from its start. */
function newLines(path: string, from: number) {
  let position = from;
  let rest = '';
  return async (): Promise<string[]> => {
    const { size } = await stat(path).catch(() => ({ size: 0 }));
    if (size < position) position = 0;
    if (size === position) return [];
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - position), position });
      position += bytesRead;
      const lines = (rest + buffer.subarray(0, bytesRead).toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      return lines;
    } finally {
      await file.close();
    }
  };
}

/** The end of one service's log, or of all, and then what is added. */
export async function logs({ settings, out }: StackCli, { service, follow, lines }: LogOptions): Promise<void> {
  const dir = join(settings.dataDir, 'logs');
  const names = (await readdir(dir).catch(() => []))
    .filter((file) => file.endsWith('.log'))
    .map((file) => basename(file, '.log'));
  if (service && !names.includes(service)) {
    throw new StackError(`There is no log of ${service}${names.length > 0 ? `; there are ${names.join(', ')}` : ''}.`);
  }
  if (names.length === 0) throw new StackError(`There are no logs in ${dir} yet: make up.`);
  const chosen = service ? [service] : names;
  const width = Math.max(...chosen.map((name) => name.length));
  const print = (name: string, line: string) => out.write(`${service ? '' : `${name.padEnd(width)} | `}${line}\n`);

  const sources = await Promise.all(
    chosen.map(async (name) => {
      const path = join(dir, `${name}.log`);
      const { size } = await stat(path);
      for (const line of await lastLines(path, lines)) print(name, line);
      return { name, next: newLines(path, size) };
    }),
  );
  while (follow) {
    for (const { name, next } of sources) for (const line of await next()) print(name, line);
    await delay(200);
  }
}
