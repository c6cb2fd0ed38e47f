import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const EVERY_MS = 250;
const answer = z.object({ evaluated: z.number(), would_win: z.number(), ms: z.number() });
const run = z.object({ state: z.string(), message: z.string().nullable(), result: answer.nullable() });

/** What a rule would have done from a time on, however long the answer takes. */
export async function askDryRun(url: string, rule: object, from: Date): Promise<z.output<typeof answer>> {
  const address = `${url}/v1/rules?dry_run=true&from=${from.toISOString()}`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(rule) });
  if (response.status === 200) return answer.parse(await response.json());
  if (response.status !== 202) throw new Error(`a dry run was answered ${response.status}: ${await response.text()}`);
  const location = `${url}${response.headers.get('location')}`;
  for (;;) {
    const { state, message, result } = run.parse(await (await fetch(location)).json());
    if (result) return result;
    if (state === 'failed') throw new Error(`the dry run failed: ${message}`);
    await pause(EVERY_MS);
  }
}
