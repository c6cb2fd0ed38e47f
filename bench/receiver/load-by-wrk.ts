import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Load, LoadOptions } from './load.ts';

const MARK = 'result ';

/** wrk tells what it saw to a script's `done`: latencies and times in microseconds, errors by kind. */
type Result = { requests: number; micros: number; p50: number; p99: number; statuses: number; sockets: number };

export async function loadByWrk({ url, connections, seconds, bodies, bearer }: LoadOptions): Promise<Load> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-wrk-'));
  try {
    const script = join(dir, 'post.lua');
    await writeFile(script, scriptOf(bodies, bearer));
    const args = ['--threads=1', `--connections=${connections}`, `--duration=${seconds}s`, `--script=${script}`, url];
    const { stdout } = await promisify(execFile)('wrk', args);
    const line = stdout.split('\n').find((text) => text.startsWith(MARK));
    if (!line) throw new Error(`wrk said nothing of its result: ${stdout}`);
    const { requests, micros, p50, p99, statuses, sockets }: Result = JSON.parse(line.slice(MARK.length));
    if (statuses + sockets > 0)
      throw new Error(`${url} answered ${statuses} requests with an error and ${sockets} not at all`);
    return { perSecond: requests / (micros / 1_000_000), p50: millis(p50), p99: millis(p99) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const millis = (micros: number) => Math.round(micros / 100) / 10;

const authorization = (bearer: string | undefined) =>
  bearer === undefined ? '' : `, ["authorization"] = "Bearer ${bearer}"`;

/** Requests are put together before the load begins. JSON text has no `]==]`. */
const scriptOf = (bodies: readonly string[], bearer: string | undefined) => `
local bodies = {
${bodies.map((body) => `[==[${body}]==]`).join(',\n')}
}
local requests, turn = {}, 0
function init()
  for i, body in ipairs(bodies) do
    requests[i] = wrk.format("POST", nil, { ["content-type"] = "application/json"${authorization(bearer)} }, body)
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('${MARK}{"requests":%d,"micros":%d,"p50":%d,"p99":%d,"statuses":%d,"sockets":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.status, e.connect + e.read + e.write + e.timeout))
end
`;
