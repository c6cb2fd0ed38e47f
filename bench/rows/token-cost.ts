import { freePort } from '@millrace/stack/parts/free-port';
import { tokenOf } from '@millrace/testing/token-of';
import { hash, verify } from '@node-rs/argon2';
import { withWorld } from '../bench-world.ts';
import { watchProcess } from '../measure/watch-process.ts';
import { authEnv, benchClient } from '../receiver/bench-client.ts';
import type { BenchContext, RowResult } from '../row.ts';

const TIMES = 200;
/** Argon2id with what OWASP asks for at least: 19 MiB, two passes, one lane; docs/decisions/0030. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A token by client id and secret, one after another; beside it, the check of the secret alone. */
export function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    const auth = await world.start('auth', { env: authEnv(await freePort()) });
    const { client_id: id, client_secret: secret } = benchClient;
    const kept = await hash(secret, PARAMETERS);
    const ask = () => tokenOf(auth.url, id, secret);
    const check = () => verify(kept, secret);
    await timed(20, ask);
    await timed(20, check);
    const watch = watchProcess(auth.url);
    const rounds = [1, 2, 3];
    const asked: number[] = [];
    const checked: number[] = [];
    for (const _ of rounds) {
      checked.push(await timed(TIMES / rounds.length, check));
      asked.push(await timed(TIMES / rounds.length, ask));
    }
    const { residentMegabytes, loopDelayP99Ms } = watch.peaks();
    return {
      name: 'a token by client credentials, one after another',
      rawName: 'argon2id over the same secret alone',
      raw: middle(checked),
      ours: middle(asked),
      unit: 'ms',
      bar: 2,
      better: 'lower',
      residentMegabytes,
      loopDelayP99Ms,
      notes: ['beside the hash a token costs one signature, three statements and an HTTP request'],
    };
  });
}

async function timed(times: number, work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  for (let n = 0; n < times; n += 1) await work();
  return (performance.now() - begun) / times;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
