import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from '@millrace/core/config/root-dir';
import { type ServiceName, serviceNames, services } from '@millrace/core/services/services';
import { type SimulatorName, simulatorNames, simulators } from '@millrace/core/services/simulators';
import { freePort } from '@millrace/stack/parts/free-port';
import { addressesIn } from '@millrace/stack/settings/addresses';
import { readState } from '@millrace/stack/supervisor/stack-state';
import { z } from 'zod';

export type OwnPlatform = {
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** Of the simulated vendors. */
  readonly vendorUrls: Readonly<Record<SimulatorName, string>>;
  readonly databaseUrl: string;
  /** What a command needs to find this platform. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs a make target against this platform, as a person would, and answers what it printed. */
  make(...args: string[]): Promise<string>;
  /** kill -9, by the process id that the supervisor knows now. */
  kill(service: ServiceName): Promise<void>;
  /** How often the supervisor has restarted it. */
  restarts(service: ServiceName): Promise<number>;
  close(): Promise<void>;
};

type PlatformOptions = {
  readonly prepare?: (dataDir: string) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
};

const run = promisify(execFile);
const byVendor = z.record(z.enum(simulatorNames), z.string());
const byName = z.record(z.enum(serviceNames), z.string());

/**
 * The whole platform by `make up`, on free ports with data of its own, beside what a developer has running.
 * @param options `prepare` makes the data folder, where it is not to be an empty one; `env` has further settings
 */
export async function startOwnPlatform({ prepare, env: own = {} }: PlatformOptions = {}): Promise<OwnPlatform> {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'millrace-platform-')), 'data');
  await prepare?.(dataDir);
  const ports = {
    kafka: await freePort(),
    registry: await freePort(),
    mysql: await freePort(),
  };
  const ours = await Promise.all(services.map(async (row) => ({ ...row, port: await freePort() })));
  const vendors = await Promise.all(simulators.map(async (row) => ({ ...row, port: await freePort() })));
  const env = {
    ...process.env,
    ...own,
    DATA_DIR: dataDir,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [`${name.toUpperCase()}_PORT`, String(port)])),
    ...Object.fromEntries([...ours, ...vendors].map(({ portVariable, port }) => [portVariable, String(port)])),
  };
  const make = async (...args: string[]) => {
    const { stdout } = await run('make', args, { cwd: rootDir, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };
  const close = async () => {
    await make('down');
    await rm(dirname(dataDir), { recursive: true, force: true });
  };
  const partOf = async (service: ServiceName) => {
    const part = (await readState(dataDir))?.parts.find(({ name }) => name === service);
    if (!part) throw new Error(`the supervisor knows no ${service}`);
    return part;
  };

  await make('up').catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    urls: byName.parse(Object.fromEntries(ours.map(({ name, port }) => [name, `http://127.0.0.1:${port}`]))),
    vendorUrls: byVendor.parse(Object.fromEntries(vendors.map(({ name, port }) => [name, `http://127.0.0.1:${port}`]))),
    databaseUrl: addressesIn(env).databaseUrl,
    env,
    make,
    async kill(service) {
      const { process: running } = await partOf(service);
      if (running) process.kill(running.pid, 'SIGKILL');
    },
    restarts: async (service) => (await partOf(service)).restarts,
    close,
  };
}
