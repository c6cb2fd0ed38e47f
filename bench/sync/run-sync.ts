import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const EVERY_MS = 50;

const started = z.object({ run_id: z.string() });
const runs = z.object({
  state: z.string(),
  entities: z.array(
    z.object({ read: z.number(), emitted: z.number(), unchanged: z.number(), message: z.string().nullable() }),
  ),
});

export type SyncRun = {
  readonly ms: number;
  readonly read: number;
  readonly emitted: number;
  readonly unchanged: number;
};

/** Reads all listings again and waits for the run's end. Throws unless it succeeded. */
export async function runSync(url: string): Promise<SyncRun> {
  const start = performance.now();
  const response = await fetch(`${url}/sync/listings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"full": true}',
  });
  const { run_id: runId } = started.parse(await response.json());
  for (;;) {
    const { state, entities } = runs.parse(await (await fetch(`${url}/sync/runs/${runId}`)).json());
    const [entity] = entities;
    if (state === 'succeeded' && entity) return { ms: performance.now() - start, ...entity };
    if (state !== 'running') throw new Error(`the run ended as ${state}: ${entity?.message}`);
    await pause(EVERY_MS);
  }
}
