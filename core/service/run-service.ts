import type { z } from 'zod';
import { type Config, readServiceConfig } from '../config/read-config.ts';
import { readEnvironment } from '../config/read-environment.ts';
import { createLog, droppedLines, type Log } from '../log/create-log.ts';
import { createMetrics, type Metrics } from '../metrics/create-metrics.ts';
import { logMetrics } from '../metrics/log-metrics.ts';
import type { ServiceDeclaration } from '../services/service-declaration.ts';
import { describeFailure } from './describe-failure.ts';
import { createHealth, type Health } from './health.ts';
import { createParts, type Use } from './parts.ts';
import { type UntilUp, watchWaits } from './until-up.ts';

export type ServiceFrame<Shape extends z.core.$ZodShape = z.core.$ZodShape> = {
  /** Opens a part: what is given is awaited, closed when the service ends, and ends the service when it fails. */
  readonly use: Use;
  /** Opens a dependency that may not be up yet. While the service starts, `/readyz` says what it waits for. */
  readonly untilUp: UntilUp;
  readonly config: Config;
  /** The service's own. */
  readonly settings: z.output<z.ZodObject<Shape>>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: Health;
};

/** Leaves half a second of the promised ten to log the failure and exit. */
const CLOSE_WITHIN_MS = 9_500;

/**
 * Runs a service until a signal or a failure, then closes its parts in reverse order and exits within 10 s: with 0
 * after SIGTERM or SIGINT, with 1 when it could not start, when a part failed or could not close, or when an error
 * was not caught. Further signals change nothing: a terminal and a supervisor may both send one. The service is ready from
 * when `start` has returned until it begins to stop.
 */
export async function runService<Shape extends z.core.$ZodShape>(
  { name, settings: own }: Pick<ServiceDeclaration<Shape>, 'name' | 'settings'>,
  start: (frame: ServiceFrame<Shape>) => Promise<void>,
): Promise<void> {
  const refuse = (error: unknown): never => {
    process.stderr.write(`${describeFailure(name, error)}\n`);
    process.exit(1);
  };
  const configOrRefuse = () => {
    try {
      return readServiceConfig(readEnvironment(), own);
    } catch (error) {
      return refuse(error);
    }
  };

  const { config, settings } = configOrRefuse();
  const log = createLog({ name, level: config.logLevel });
  const metrics = createMetrics(name);
  metrics.gauge(logMetrics.dropped, droppedLines);
  const health = createHealth();
  const state: { phase: 'starting' | 'running' | 'stopping' } = { phase: 'starting' };
  const { untilUp, waitingFor } = watchWaits(log);
  health.add('service', () => ({ ok: state.phase === 'running', detail: describePhase(state.phase, waitingFor()) }));

  const stop = async (exitCode: number) => {
    if (state.phase === 'stopping') return;
    state.phase = 'stopping';
    setTimeout(() => {
      log.fatal(`not closed within ${CLOSE_WITHIN_MS} ms`);
      process.exit(1);
    }, CLOSE_WITHIN_MS);
    const closed = await parts.close();
    log.info('stopped');
    process.exit(closed ? exitCode : 1);
  };
  const crash = (err: unknown) => {
    if (state.phase === 'stopping') log.warn({ err }, 'failed while stopping');
    else log.fatal({ err }, 'crashed');
    return stop(1);
  };
  const parts = createParts({ log, onFailure: crash });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (state.phase !== 'stopping') log.info({ signal }, 'stopping');
      void stop(0);
    });
  }
  process.on('uncaughtException', crash).on('unhandledRejection', crash);

  try {
    await start({ use: parts.use, untilUp, config, settings, log, metrics, health });
    if (state.phase === 'starting') {
      state.phase = 'running';
      log.info('started');
    }
  } catch (error) {
    if (state.phase === 'stopping') return;
    process.stderr.write(`${describeFailure(name, error)}\n`);
    await stop(1);
  }
}

const describePhase = (phase: string, waits: readonly string[]): string =>
  phase === 'starting' && waits.length > 0 ? `starting: waiting for ${waits.join(' and ')}` : phase;
