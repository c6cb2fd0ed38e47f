import { extname, join } from 'node:path';
import { type RunningService, startService } from '@millrace/core/harness/start-service';

export type StorageSettings = {
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly schemasDir: string;
  readonly groupPrefix: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a real storage as a process of its own on a free port, and resolves once it listens. */
export function startStorage(settings: StorageSettings): Promise<RunningService> {
  return startService(join(import.meta.dirname, `../main${extname(import.meta.filename)}`), {
    KAFKA_BROKERS: settings.kafkaBrokers,
    SCHEMA_REGISTRY_URL: settings.registryUrl,
    DATABASE_URL: settings.databaseUrl,
    SCHEMAS_DIR: settings.schemasDir,
    CONSUMER_GROUP_PREFIX: settings.groupPrefix,
    STORAGE_PORT: '0',
    ...settings.env,
  });
}
