import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startCache } from '../java/start-cache.ts';
import { StackError } from '../stack-error.ts';
import { freePort } from './free-port.ts';
import { httpAnswers } from './http-answers.ts';
import type { PartOptions } from './kafka.ts';
import type { Part } from './part.ts';

/** Apicurio Registry, its schemas in an H2 file under `dir`, its Confluent API at `/apis/ccompat/v7`. */
export function registryPart({ runtime, port, dir, train }: PartOptions): Part {
  const jar = join(runtime.registryHome, 'quarkus-run.jar');
  const api = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const cache = startCache({ ...runtime, train }, 'registry', [jar]);

  return {
    name: 'registry',
    port,
    portVariable: 'REGISTRY_PORT',
    stopWithinMs: 60_000,
    ready: () => httpAnswers(`${api}/subjects`),

    async prepare() {
      await mkdir(dir, { recursive: true });
    },

    async command() {
      const { flags } = await cache;
      const settings = {
        'quarkus.http.host': '127.0.0.1',
        'quarkus.http.port': port,
        'quarkus.http.access-log.enabled': false,
        'quarkus.management.host': '127.0.0.1',
        'quarkus.management.port': await freePort(),
        'quarkus.log.category."io.apicurio".level': 'WARN',
        'apicurio.storage.kind': 'sql',
        'apicurio.storage.sql.kind': 'h2',
        // A schema id that was answered is on disk: records already carry it.
        'apicurio.datasource.url': `jdbc:h2:file:${join(dir, 'registry')};WRITE_DELAY=0`,
        'apicurio.datasource.jdbc.initial-size': 2,
        'apicurio.datasource.jdbc.min-size': 2,
        'apicurio.datasource.jdbc.max-size': 20,
      };
      const properties = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
      const memory = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'];
      return { file: runtime.java.path, args: [...flags, ...memory, ...properties, '-jar', jar], cwd: dir };
    },

    async configure() {
      const response = await fetch(`${api}/config`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ compatibility: 'BACKWARD' }),
      });
      if (!response.ok) throw new StackError(`refused compatibility BACKWARD: ${await response.text()}`);
    },

    exited: async () => (await cache).keep(),
  };
}
