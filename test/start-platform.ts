import type { LogLine, RunningService } from '@millrace/testing/start-service';
import { createTestDatabase } from '@millrace/testing/test-names';
import { openWorld, type World, type WorldOptions } from '@millrace/testing/world';
import { inject } from 'vitest';

const services = ['receiver', 'storage', 'analyzer'] as const;
type ServiceName = (typeof services)[number];

export type Platform = Readonly<Record<ServiceName, string>> & {
  /** What each has logged so far. */
  readonly lines: Readonly<Record<ServiceName, readonly LogLine[]>>;
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

/** The three services as processes of their own. */
export async function startPlatform(world: World, env: Readonly<Record<string, string>> = {}): Promise<Platform> {
  const started = await Promise.all(services.map((service) => world.start(service, { env })));
  const each = <Value>(pick: (service: RunningService) => Value): Readonly<Record<ServiceName, Value>> => {
    const [receiver, storage, analyzer] = started.map(pick);
    if (receiver === undefined || storage === undefined || analyzer === undefined)
      throw new Error('a service is missing');
    return { receiver, storage, analyzer };
  };
  return {
    ...each(({ url }) => url),
    lines: each(({ lines }) => lines),
    async close() {
      await Promise.all(started.map((service) => service.stop()));
    },
  };
}
