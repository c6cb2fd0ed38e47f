import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { Problem } from '@millrace/core/problem/problem';
import type { Stream } from '@millrace/core/schema/stream';
import { createBudget } from './call/budget.ts';
import { type CallPace, createCaller } from './call/create-caller.ts';
import type { Connector, Entity } from './connector.ts';
import type { OpenConnector } from './run/run-options.ts';

type OpenOptions = {
  readonly db: Database;
  readonly streams: readonly Stream[];
  readonly timeoutMs: number;
  readonly breakMs: number;
  readonly pace?: CallPace | undefined;
  readonly onTry: (connector: string, outcome: string, seconds: number | undefined) => void;
  readonly log: Log;
};

/** Words that stand in the place of a connector's name in routes. */
const RESERVED = ['all', 'customer', 'events', 'runs', 'connectors', 'backfill'];
const NAME = /^[a-z][a-z0-9-]{0,63}$/;
const STALE_FIELDS = ['stale_since', 'stale_reason'];

/** Opens what the frame has of a connector. Throws `invalid-config` with every entity that has no stream to write to. */
export function openConnector(connector: Connector, options: OpenOptions): OpenConnector {
  const { db, streams, timeoutMs, breakMs, pace, onTry, log } = options;
  const { name } = connector;
  const faults = connector.entities.flatMap((entity) => entityFault(entity, streams) ?? []);
  if (!NAME.test(name) || RESERVED.includes(name)) faults.push('its name can’t be that of a connector');
  if (faults.length > 0) {
    const errors = faults.map((message) => ({ pointer: `/${name}`, message }));
    throw new Problem('invalid-config', `the connector ${name} can’t be opened`, { errors });
  }
  const budget = createBudget(db, name, connector.budget, log);
  const caller = createCaller({
    ...{ name, budget, timeoutMs, breakMs, log, ...(pace && { pace }) },
    onTry: (outcome, seconds) => onTry(name, outcome, seconds),
  });
  let discovered: readonly Entity[] = [];

  return {
    connector,
    caller,
    budget,
    entities: () => [...connector.entities, ...discovered],
    async discover(signal) {
      const found = await connector.discover(caller.callUntil(signal), signal);
      const known = new Set(connector.entities.map((entity) => entity.name));
      discovered = found.filter((entity) => {
        const fault = entityFault(entity, streams);
        if (fault !== undefined)
          log.warn({ connector: name, reason: fault }, 'an entity that was discovered is left out');
        return fault === undefined && !known.has(entity.name);
      });
    },
  };
}

function entityFault({ name, stream: wanted }: Entity, streams: readonly Stream[]): string | undefined {
  if (!NAME.test(name)) return `${name} can’t be the name of an entity`;
  const stream = streams.find((each) => each.name === wanted);
  if (!stream) return `${name}: there is no stream ${wanted}`;
  const missing = STALE_FIELDS.filter((field) => !stream.fields.some((each) => each.name === field));
  if (stream.store !== 'upsert') return `${name}: the stream ${wanted} has to be one with "store": "upsert"`;
  return missing.length > 0 ? `${name}: the stream ${wanted} lacks ${missing.join(' and ')}` : undefined;
}
