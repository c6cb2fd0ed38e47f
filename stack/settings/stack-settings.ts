import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '@millrace/core/config/read-config';
import { directory, httpUrl, wholeNumber } from '@millrace/core/config/setting-types';
import { partPorts } from '@millrace/core/config/with-addresses';
import { Problem } from '@millrace/core/problem/problem';
import { type SimulatorName, simulatorNames, simulators } from '@millrace/core/services/simulators';
import { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

const partPort = (initial: number) => wholeNumber(1, 65_535).prefault(String(initial));

const simulatorPorts = z.object(
  Object.fromEntries(simulators.map(({ portVariable, port }) => [portVariable, partPort(port)])),
);
const byName = z.record(z.enum(simulatorNames), z.number());

const stackSettings = z.object({
  KAFKA_PORT: partPort(partPorts.KAFKA_PORT),
  REGISTRY_PORT: partPort(partPorts.REGISTRY_PORT),
  MYSQL_PORT: partPort(partPorts.MYSQL_PORT),
  /** Where downloads are kept between clones. */
  MILLRACE_CACHE: directory.prefault(join(homedir(), '.cache', 'millrace')),
  /** A mirror to download from instead of the public repository. */
  MAVEN_REPOSITORY: httpUrl.optional(),
});

export type StackSettings = {
  readonly ports: { readonly kafka: number; readonly registry: number; readonly mysql: number };
  readonly cacheDir: string;
  readonly repository: string | undefined;
  readonly dataDir: string;
  readonly services: Config['ports'];
  readonly simulators: Readonly<Record<SimulatorName, number>>;
};

/** The stack's own settings and, for the ports and DATA_DIR, those of the services it starts. */
export function readStackSettings(env: Environment): StackSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = stackSettings.safeParse(given);
  const simulated = simulatorPorts.safeParse(given);
  if (!parsed.success || !simulated.success) {
    const issues = [...(parsed.error?.issues ?? []), ...(simulated.error?.issues ?? [])];
    const errors = issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
    throw new Problem(
      'invalid-config',
      errors.length === 1 ? '1 invalid setting' : `${errors.length} invalid settings`,
      { errors },
    );
  }
  const { dataDir, ports } = readConfig(env);
  const { KAFKA_PORT, REGISTRY_PORT, MYSQL_PORT, MILLRACE_CACHE, MAVEN_REPOSITORY } = parsed.data;
  return {
    ports: { kafka: KAFKA_PORT, registry: REGISTRY_PORT, mysql: MYSQL_PORT },
    cacheDir: MILLRACE_CACHE,
    repository: MAVEN_REPOSITORY,
    dataDir,
    services: ports,
    simulators: byName.parse(
      Object.fromEntries(simulators.map(({ name, portVariable }) => [name, simulated.data[portVariable]])),
    ),
  };
}
