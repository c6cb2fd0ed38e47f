import { extname, join } from 'node:path';
import { type RunningService, startService } from '@millrace/core/harness/start-service';

type AnalyzerSettings = {
  readonly kafkaBrokers: string;
  readonly registryUrl: string;
  readonly schemasDir: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a real analyzer as a process of its own on a free port, and resolves once it listens. */
export function startAnalyzer(settings: AnalyzerSettings): Promise<RunningService> {
  return startService(join(import.meta.dirname, `../main${extname(import.meta.filename)}`), {
    KAFKA_BROKERS: settings.kafkaBrokers,
    SCHEMA_REGISTRY_URL: settings.registryUrl,
    SCHEMAS_DIR: settings.schemasDir,
    DATA_DIR: settings.dataDir,
    ANALYZER_PORT: '0',
    ...settings.env,
  });
}
