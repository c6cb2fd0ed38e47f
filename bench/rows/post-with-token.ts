import { freePort } from '@millrace/stack/parts/free-port';
import { tokenOf } from '@millrace/testing/token-of';
import { withWorld } from '../bench-world.ts';
import { authEnv, benchClient } from '../receiver/bench-client.ts';
import { benchRun } from '../receiver/bench-run.ts';
import type { Load } from '../receiver/load.ts';
import { loadOf, loadTool } from '../receiver/load-of.ts';
import { medianLoad } from '../receiver/median-load.ts';
import type { BenchContext, RowResult } from '../row.ts';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 10;
const SECONDS = 4;
const ROUNDS = 5;

/** One record a request with a bearer token through a receiver that needs one; beside it, the same without through one that does not. */
export function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    const env = authEnv(await freePort());
    const auth = await world.start('auth', { env });
    const open = await world.start('receiver', { env: { ...env, AUTH: 'open' } });
    const guarded = await world.start('receiver', { env: { ...env, AUTH: 'required' } });
    const token = await tokenOf(auth.url, benchClient.client_id, benchClient.client_secret);
    const bodies = Array.from({ length: 500 }, (_, n) => JSON.stringify(benchRun(n)));
    const load = (url: string, seconds: number, bearer?: string) =>
      loadOf({ url: `${url}${world.stream().path}`, connections: CONNECTIONS, seconds, bodies, bearer });
    await load(open.url, WARM_UP_SECONDS);
    await load(guarded.url, WARM_UP_SECONDS, token);
    const without: Load[] = [];
    const tokened: Load[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(await load(open.url, SECONDS));
      tokened.push(await load(guarded.url, SECONDS, token));
    }
    const [typical, plain] = [medianLoad(tokened), medianLoad(without)];
    return {
      name: `single POST with a bearer token, ${CONNECTIONS} connections`,
      rawName: 'the same without, where none is needed',
      raw: plain.perSecond,
      ours: typical.perSecond,
      unit: 'requests/s',
      bar: 0.95,
      notes: [
        `with a token p99 ${typical.p99} ms, without p99 ${plain.p99} ms; medians of ${ROUNDS} rounds that alternate`,
        `the load comes from ${loadTool}, on the same cores`,
      ],
    };
  });
}
