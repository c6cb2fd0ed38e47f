import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { v4 as uuid } from 'uuid';
import type { Runtime } from '../artifacts/runtime.ts';
import { startCache } from '../java/start-cache.ts';
import { StackError } from '../stack-error.ts';
import { freePort } from './free-port.ts';
import { kafkaAnswers } from './kafka-answers.ts';
import { kafkaProperties } from './kafka-properties.ts';
import type { Part } from './part.ts';

export type PartOptions = {
  readonly runtime: Runtime;
  readonly port: number;
  /** This part's own folder. */
  readonly dir: string;
  /** Whether the first orderly stop may take some seconds to speed up every later start. */
  readonly train: boolean;
};

const logging = `Configuration:
  Appenders:
    Console: { name: out, PatternLayout: { pattern: "%d{ISO8601} %-5p %c{1} %m%n" } }
  Loggers:
    Root: { level: WARN, AppenderRef: { ref: out } }
    Logger: { name: kafka.server.KafkaRaftServer, level: INFO }
`;

/** A cluster id is 16 bytes in URL-safe base64. */
const clusterId = (): string => Buffer.from(uuid().replaceAll('-', ''), 'hex').toString('base64url');

/** Kafka as one KRaft node. Its data, with the log of every topic, is under `dir`. */
export function kafkaPart({ runtime, port, dir, train }: PartOptions): Part {
  const logDir = join(dir, 'data');
  const propertiesFile = join(dir, 'server.properties');
  const loggingFile = join(dir, 'log4j2.yaml');
  const classpath = runtime.kafkaClasspath.join(delimiter);
  const cache = startCache({ ...runtime, train }, 'kafka', runtime.kafkaClasspath);

  const writeSettings = async () => {
    await mkdir(dir, { recursive: true });
    await writeFile(loggingFile, logging);
    await writeFile(propertiesFile, kafkaProperties({ port, controllerPort: await freePort(), logDir }));
  };

  return {
    name: 'kafka',
    port,
    portVariable: 'KAFKA_PORT',
    stopWithinMs: 60_000,
    ready: () => kafkaAnswers(port),

    async prepare() {
      if (existsSync(join(logDir, 'meta.properties'))) return;
      await rm(logDir, { recursive: true, force: true });
      await writeSettings();
      const options = ['-XX:TieredStopAtLevel=1', '-Xmx128m', `-Dlog4j2.configurationFile=${loggingFile}`];
      const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId()}`, '--config', propertiesFile];
      await promisify(execFile)(runtime.java.path, [...options, '-cp', classpath, ...format]).catch((error: Error) => {
        throw new StackError(`Kafka could not format its storage in ${logDir}: ${error.message}`);
      });
    },

    async command() {
      await writeSettings();
      const { flags } = await cache;
      const memory = ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:+ExitOnOutOfMemoryError'];
      const options = [...memory, '-Djava.awt.headless=true', `-Dlog4j2.configurationFile=${loggingFile}`];
      return { file: runtime.java.path, args: [...flags, ...options, '-cp', classpath, 'kafka.Kafka', propertiesFile] };
    },

    exited: async () => (await cache).keep(),
  };
}
