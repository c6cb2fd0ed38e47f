import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { serviceNames } from '@millrace/core/services/services';
import { withWorld } from '../bench-world.ts';
import { untilReady } from '../measure/until-counted.ts';
import type { BenchContext, RowResult } from '../row.ts';
import { growthOf, measures, type Sample } from '../soak/judge.ts';
import { loadGently, type Urls } from '../soak/load.ts';

/** By the minute in half an hour; a shorter soak has as many. */
const SAMPLES = 30;
/** How much the worst measure may grow from the second fifth of the time to the last. */
const ALLOWED = 1.1;

/** All services under a gentle load: what is alive in each by the minute, which must stay flat. */
export function run(context: BenchContext): Promise<RowResult> {
  return withWorld(context, async (world) => {
    const dir = await mkdtemp(join(tmpdir(), 'millrace-soak-'));
    const env = {
      NODE_OPTIONS: probeOptions(),
      SOAK_PROBE_DIR: dir,
      SOAK_PROBE_SECONDS: String((context.soakMinutes * 60) / SAMPLES),
    };
    const running = await Promise.all(serviceNames.map((name) => world.start(name, { env })));
    for (const { url } of running) await untilReady(url);
    const urls: Urls = Object.assign({}, ...serviceNames.map((name, index) => ({ [name]: running[index]?.url })));
    const end = new AbortController();
    const load = loadGently(urls, world.stream(), end.signal);
    await Promise.race([load, pause(context.soakMinutes * 60_000)]);
    end.abort();
    const posted = await load;
    const samples = await Promise.all(
      running.map(async ({ pid }) => parse(await readFile(join(dir, `${pid}.ndjson`), 'utf8'))),
    );
    await rm(dir, { recursive: true });
    return report(posted, context.soakMinutes, samples);
  });
}

function report(posted: number, minutes: number, samples: readonly (readonly Sample[])[]): RowResult {
  const growth = samples.map(growthOf);
  const worst = Math.max(...growth.flatMap((each) => Object.values(each)));
  const notes = serviceNames.flatMap((name, index) => [
    `${name}, by the minute after a full garbage collection:`,
    ...measures.map((measure) => {
      const values = (samples[index] ?? []).map((sample) => shown(measure, sample[measure]));
      return `  ${measure} ${values.join(' ')}; grown by ${(growth[index]?.[measure] ?? Number.NaN).toFixed(3)}`;
    }),
  ]);
  return {
    name: `soak of ${minutes} minutes, all services: growth of heap, memory, emitters, signals and listeners, the worst`,
    rawName: 'what is allowed',
    raw: ALLOWED,
    ours: worst,
    unit: 'x',
    bar: 1,
    better: 'lower',
    notes: [`${posted} events posted, one by one and in batches of five`, ...notes],
  };
}

function probeOptions(): string {
  const extension = extname(import.meta.filename);
  const probe = pathToFileURL(join(import.meta.dirname, `../soak/probe${extension}`)).href;
  return [process.env.NODE_OPTIONS, extension === '.ts' ? '--import tsx' : '', `--import ${probe}`].join(' ').trim();
}

const parse = (lines: string): Sample[] =>
  lines
    .trim()
    .split('\n')
    .map((line): Sample => JSON.parse(line));

/** Bytes as megabytes. */
const shown = (measure: string, value: number) =>
  measure === 'heap' || measure === 'rss' ? `${(value / 2 ** 20).toFixed(1)} MB` : String(value);
