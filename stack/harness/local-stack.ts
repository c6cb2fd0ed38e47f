import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareMysql8 } from '../artifacts/prepare-mysql8.ts';
import { prepareRuntime } from '../artifacts/runtime.ts';
import { freePort } from '../parts/free-port.ts';
import { kafkaPart } from '../parts/kafka.ts';
import { mariadbPart } from '../parts/mariadb.ts';
import { mysql8Part } from '../parts/mysql8.ts';
import type { Part } from '../parts/part.ts';
import { registryPart } from '../parts/registry.ts';
import { type RunningPart, type StartOptions, startPart } from '../parts/start-part.ts';
import { addressesOf } from '../settings/addresses.ts';
import { makeCredentials } from '../settings/make-credentials.ts';
import { readStackSettings } from '../settings/stack-settings.ts';
import { openLifeline } from './lifeline.ts';
import type { Stack, StackPart } from './stack.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type ControlledPart = StackPart & { close(): Promise<void> };

/** Starts a part and keeps hold of whichever process is now it. */
async function controlPart(part: Part, options: StartOptions): Promise<ControlledPart> {
  let running: RunningPart = await startPart(part, options);
  return {
    pause: () => running.pause(),
    resume: async () => running.resume(),
    kill: () => running.kill(),
    async start() {
      running = await startPart(part, options);
    },
    close: () => running.stop(),
  };
}

/**
 * The real parts on free ports, with data in a temporary folder that goes when they are closed.
 * `STACK_DATABASE=mysql8` puts a real MySQL 8.0 in MariaDB's place.
 */
export async function startLocalStack(env: Environment): Promise<Stack> {
  const { cacheDir, repository } = readStackSettings(env);
  const runtime = await prepareRuntime({ cacheDir, repository, env, out: process.stderr });
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-stack-'));
  const ports = { kafka: await freePort(), registry: await freePort(), mysql: await freePort() };
  const place = (name: string, port: number) => ({ runtime, port, dir: join(dataDir, name), train: false });
  const { mysql: passwords } = await makeCredentials(dataDir);
  const lifeline = openLifeline(dataDir);
  const control = (part: Part) =>
    controlPart(part, { logFile: join(dataDir, 'logs', `${part.name}.log`), onSpawn: lifeline.hold });

  const databasePart = async (): Promise<Part> => {
    if (env.STACK_DATABASE !== 'mysql8') return mariadbPart({ ...place('mariadb', ports.mysql), passwords });
    const home = await prepareMysql8({ cacheDir, repository, out: process.stderr });
    return mysql8Part({ home, port: ports.mysql, dir: join(dataDir, 'mysql8'), passwords });
  };

  const database = await databasePart();
  const started = await Promise.allSettled([
    control(kafkaPart(place('kafka', ports.kafka))),
    control(registryPart(place('registry', ports.registry))),
    control(database),
  ]);
  const close = async () => {
    await Promise.all(started.map((each) => each.status === 'fulfilled' && each.value.close()));
    lifeline.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  const [kafka, registry, mariadb] = started;
  if (kafka.status === 'fulfilled' && registry.status === 'fulfilled' && mariadb.status === 'fulfilled') {
    const parts = { kafka: kafka.value, registry: registry.value, mariadb: mariadb.value };
    return { ...addressesOf(ports, passwords.millrace), parts, close };
  }
  await close();
  throw started.find((each) => each.status === 'rejected')?.reason;
}
