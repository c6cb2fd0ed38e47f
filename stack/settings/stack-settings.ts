import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '@millrace/core/config/read-config';
import { directory, httpUrl, port } from '@millrace/core/config/setting-types';
import { Problem } from '@millrace/core/problem/problem';
import { z } from 'zod';

type Environment = Readonly<Record<string, string | undefined>>;

const stackSettings = z.object({
  KAFKA_PORT: port.prefault('9092'),
  REGISTRY_PORT: port.prefault('8181'),
  MYSQL_PORT: port.prefault('3306'),
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
};

/** The stack's own settings and, for the ports and DATA_DIR, those of the services it starts. */
export function readStackSettings(env: Environment): StackSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = stackSettings.safeParse(given);
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
    throw new Problem('invalid-config', 'the settings of the stack are not acceptable', { errors });
  }
  const { dataDir, ports } = readConfig(env);
  const { KAFKA_PORT, REGISTRY_PORT, MYSQL_PORT, MILLRACE_CACHE, MAVEN_REPOSITORY } = parsed.data;
  return {
    ports: { kafka: KAFKA_PORT, registry: REGISTRY_PORT, mysql: MYSQL_PORT },
    cacheDir: MILLRACE_CACHE,
    repository: MAVEN_REPOSITORY,
    dataDir,
    services: ports,
  };
}
