import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const identity = z.object({ pid: z.number().int(), startedAt: z.string() });

const partState = z.object({
  name: z.string(),
  port: z.number().int(),
  url: z.string(),
  state: z.enum(['waiting', 'starting', 'ready', 'restarting', 'stopping', 'stopped', 'failed']),
  /** The process, from when it was spawned until it is known to have ended. */
  process: identity.optional(),
  /** When the state became this, in epoch milliseconds. */
  since: z.number(),
  restarts: z.number().int(),
  /** How long the last start took. */
  startedInMs: z.number().optional(),
  /** What went wrong last. */
  trouble: z.string().optional(),
});

const stackState = z.object({
  supervisor: identity,
  phase: z.enum(['starting', 'running', 'stopping', 'stopped', 'failed']),
  /** Why it failed, for people. */
  failure: z.string().optional(),
  parts: z.array(partState),
});

export type PartState = z.output<typeof partState>;
export type StackState = z.output<typeof stackState>;

const stateFile = (dataDir: string): string => join(dataDir, 'stack.json');

/** What the supervisor last wrote; undefined when none ever ran here, or when the file holds something else. */
export async function readState(dataDir: string): Promise<StackState | undefined> {
  const text = await readFile(stateFile(dataDir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return stackState.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Replaces the file as a whole, so that a reader never sees half of it. */
export async function writeState(dataDir: string, state: StackState): Promise<void> {
  const file = stateFile(dataDir);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, JSON.stringify(state, null, 2));
  await rename(`${file}.part`, file);
}
