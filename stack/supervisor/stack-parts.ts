import { join } from 'node:path';
import type { Credentials } from '@millrace/core/config/credentials';
import { type Environment, withAddresses } from '@millrace/core/config/with-addresses';
import type { Runtime } from '../artifacts/runtime.ts';
import { kafkaPart } from '../parts/kafka.ts';
import { mariadbPart } from '../parts/mariadb.ts';
import type { Part } from '../parts/part.ts';
import { registryPart } from '../parts/registry.ts';
import { isBuilt, isNeeded, servicePart, servicesOf } from '../parts/service.ts';
import { areSimulated, simulatedVendors, simulatorParts } from '../parts/simulator.ts';
import type { StackSettings } from '../settings/stack-settings.ts';

type StackWaves = {
  readonly settings: StackSettings;
  readonly runtime: Runtime;
  /** As given, without addresses filled in. */
  readonly env: Environment;
  readonly credentials: Credentials;
};

/**
 * What is started, in waves: all of one wave at once, and a wave when the one before it is ready. An address in the
 * environment, such as DATABASE_URL or AUTH_ISSUER, says that somebody else runs that part.
 */
export function stackWaves({ settings, runtime, env, credentials }: StackWaves): readonly (readonly Part[])[] {
  const { ports, dataDir, services, simulators } = settings;
  const place = (name: string, port: number) => ({ runtime, port, dir: join(dataDir, name), train: !env.CI });
  const given = (name: string): boolean => Boolean(env[name]?.trim());

  const backends = [
    given('DATABASE_URL') ? undefined : mariadbPart({ ...place('mariadb', ports.mysql), passwords: credentials.mysql }),
    given('KAFKA_BROKERS') ? undefined : kafkaPart(place('kafka', ports.kafka)),
    given('SCHEMA_REGISTRY_URL') ? undefined : registryPart(place('registry', ports.registry)),
  ];
  const environment = withAddresses({ ...env, DATA_DIR: dataDir });
  const simulated = areSimulated(env);
  const vendors = simulated ? simulatedVendors(simulators, env) : {};
  return [
    backends.filter((part) => part !== undefined),
    [
      ...servicesOf(services)
        .filter((service) => isBuilt(service) && isNeeded(service, env))
        .map((service) =>
          servicePart(service, service.name === 'sync-connectors' ? { ...environment, ...vendors } : environment),
        ),
      ...(simulated ? simulatorParts(simulators, environment) : []),
    ],
  ];
}
