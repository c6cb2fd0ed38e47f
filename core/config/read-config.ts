import { z } from 'zod';
import { type Fault, Problem } from '../problem/problem.ts';
import type { ServiceName } from '../services/services.ts';
import { isLoopback } from './is-loopback.ts';
import { portSettings, portsOf } from './port-settings.ts';
import { type SharedSettings, sharedSettings } from './shared-settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What all services share. */
export type Config = {
  readonly host: string;
  /** In a container the address that its ports are published on, else empty. */
  readonly publishedHost: string;
  /** Lower-case names, besides loopback ones, that requests may have in `Host`. */
  readonly allowedHosts: readonly string[];
  readonly ports: Readonly<Record<ServiceName, number>>;
  readonly kafka: {
    readonly brokers: readonly string[];
    /** Put before the name of every consumer group. */
    readonly groupPrefix: string;
    readonly replicationFactor: number;
  };
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly schemasDir: string;
  readonly dataDir: string;
  readonly logLevel: SharedSettings['LOG_LEVEL'];
  readonly auth: SharedSettings['AUTH'];
  /** Where tokens are issued, without a slash at its end: what every token has as `iss`. */
  readonly authUrl: string;
  /** An outside issuer of tokens in the place of ours, without a slash at its end; empty for ours. */
  readonly authIssuer: string;
  /** What every token has as `aud`. */
  readonly authAudience: string;
  readonly stuckAfterMs: number;
};

function configOf(values: SharedSettings, ports: Config['ports']): Config {
  return {
    host: values.HOST,
    publishedHost: values.PUBLISHED_HOST,
    allowedHosts: values.ALLOWED_HOSTS,
    ports,
    kafka: {
      brokers: values.KAFKA_BROKERS,
      groupPrefix: values.CONSUMER_GROUP_PREFIX,
      replicationFactor: values.REPLICATION_FACTOR,
    },
    registryUrl: values.SCHEMA_REGISTRY_URL,
    databaseUrl: values.DATABASE_URL,
    schemasDir: values.SCHEMAS_DIR,
    dataDir: values.DATA_DIR,
    logLevel: values.LOG_LEVEL,
    auth: values.AUTH,
    authUrl: values.AUTH_URL || `http://127.0.0.1:${ports.auth}`,
    authIssuer: values.AUTH_ISSUER,
    authAudience: values.AUTH_AUDIENCE,
    stuckAfterMs: values.STUCK_AFTER_MS,
  };
}

/** A container has to listen on all of its addresses, so there the address that its ports are published on counts. */
function openToOthers(env: Environment): Fault[] {
  if (env.AUTH?.trim() === 'required') return [];
  const [host, publishedHost] = [env.HOST, env.PUBLISHED_HOST].map((text) => text?.trim() || undefined);
  const name = publishedHost === undefined ? 'HOST' : 'PUBLISHED_HOST';
  const reached = publishedHost ?? host;
  return reached !== undefined && !isLoopback(reached) ? [{ pointer: `/${name}`, message: NOT_LOOPBACK }] : [];
}

const NOT_LOOPBACK =
  'must be a loopback address while AUTH is open: others could read and write everything. Set AUTH=required, or in a container ' +
  'set PUBLISHED_HOST to the loopback address that its ports are published on';

/** An unset or blank variable means the default. */
function parse<Shape extends z.core.$ZodShape>(env: Environment, settings: z.ZodObject<Shape>) {
  const given = Object.keys(settings.shape).flatMap((name) => {
    const value = env[name]?.trim();
    return value ? [[name, value]] : [];
  });
  const { data, error } = settings.safeParse(Object.fromEntries(given));
  const faults = (error?.issues ?? []).map(({ path, message }) => ({ pointer: `/${path.join('/')}`, message }));
  return { data, faults };
}

/**
 * The settings of an environment such as `process.env`: those that all services share, and the service's own. Throws one
 * `invalid-config` with every fault, its pointer being `/<VARIABLE>`; values are not repeated, as some are secret.
 */
export function readServiceConfig<Shape extends z.core.$ZodShape>(
  env: Environment,
  own: z.ZodObject<Shape>,
): { readonly config: Config; readonly settings: z.output<z.ZodObject<Shape>> } {
  const [shared, ports, mine] = [parse(env, sharedSettings), parse(env, portSettings), parse(env, own)];
  const invalid = [...shared.faults, ...ports.faults, ...mine.faults];
  const isNew = ({ pointer }: Fault) => !invalid.some((fault) => fault.pointer === pointer);
  const errors = [...invalid, ...openToOthers(env).filter(isNew)];
  if (shared.data && ports.data && mine.data && errors.length === 0)
    return { config: configOf(shared.data, portsOf(ports.data)), settings: mine.data };
  const count = errors.length === 1 ? '1 invalid setting' : `${errors.length} invalid settings`;
  throw new Problem('invalid-config', count, { errors });
}

/** The settings that all services share, for a command that is no service. */
export const readConfig = (env: Environment): Config => readServiceConfig(env, z.object({})).config;
