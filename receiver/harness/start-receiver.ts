import { extname, join } from 'node:path';
import { type LogLine, type RunningService, startService } from '@millrace/core/harness/start-service';

export type ReceiverSettings = {
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly schemasDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of each line it logs, also while it starts. */
  readonly onLine?: (line: LogLine) => void;
};

/** Starts a real receiver as a process of its own on a free port, and resolves once it listens. */
export function startReceiver(settings: ReceiverSettings): Promise<RunningService> {
  const env = {
    KAFKA_BROKERS: settings.kafkaBrokers,
    SCHEMA_REGISTRY_URL: settings.registryUrl,
    SCHEMAS_DIR: settings.schemasDir,
    RECEIVER_PORT: '0',
    ...settings.env,
  };
  return startService(join(import.meta.dirname, `../main${extname(import.meta.filename)}`), env, settings.onLine);
}
