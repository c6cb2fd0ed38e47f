import { type ServiceName, serviceNames } from '@millrace/core/services/services';
import type { LogLine, RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { openWorld, type World, type WorldOptions } from '@millrace/testing/world';
import { inject } from 'vitest';
import { z } from 'zod';

export type Platform = Readonly<Record<ServiceName, string>> & {
  /** What it has logged so far. */
  linesOf(service: ServiceName): readonly LogLine[];
  stop(service: ServiceName): Promise<void>;
  close(): Promise<void>;
};

/** A world with a database of its own, on the parts that the run shares. */
export async function openGround(schemas: WorldOptions['schemas']): Promise<World> {
  const stack = inject('stack');
  const database = await createTestDatabase(stack.databaseUrl);
  const world = await openWorld({ ...stack, databaseUrl: database.url }, { schemas });
  return {
    ...world,
    async close() {
      await world.close();
      await database.close();
    },
  };
}

const urlByName = z.record(z.enum(serviceNames), z.string());

/** Every service as a process of its own. */
export async function startPlatform(world: World, env: Readonly<Record<string, string>> = {}): Promise<Platform> {
  const started = new Map<ServiceName, RunningService>(
    await Promise.all(serviceNames.map(async (name) => [name, await world.start(name, { env })] as const)),
  );
  return {
    ...urlByName.parse(Object.fromEntries([...started].map(([name, { url }]) => [name, url]))),
    linesOf: (service) => started.get(service)?.lines ?? [],
    async stop(service) {
      await started.get(service)?.stop();
    },
    async close() {
      await Promise.all([...started.values()].map((service) => service.stop()));
    },
  };
}
