import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import type { Environment } from '@millrace/core/config/with-addresses';
import { type SimulatorName, simulators, vendorSettings } from '@millrace/core/services/simulators';
import { httpAnswers } from './http-answers.ts';
import type { Part } from './part.ts';

const main = join(rootDir, 'sync-connectors', 'dist', 'simulators', 'main.js');

/** Vendors are simulated where none is configured. */
export const areSimulated = (env: Environment, isBuilt = existsSync(main)): boolean =>
  isBuilt && !vendorSettings.some((name) => env[name]?.trim());

type Ports = Readonly<Record<SimulatorName, number>>;

/** @param env what they read their configuration from, besides what we inherited */
export const simulatorParts = (ports: Ports, env: Environment): readonly Part[] =>
  simulators.map(({ name, vendor, portVariable }) => {
    const port = ports[name];
    return {
      name,
      port,
      portVariable,
      stopWithinMs: 5_000,
      ready: () => httpAnswers(`http://127.0.0.1:${port}/readyz`),
      command: async () => ({
        file: process.execPath,
        args: ['--enable-source-maps', main, vendor],
        env: { ...env, [portVariable]: String(port) },
        cwd: rootDir,
      }),
    };
  });

/**
 * What sync-connectors is given to read the simulated vendors. They are read when somebody asks, and on a schedule only where
 * one is set: nobody's streams fill with what is made up.
 */
export const simulatedVendors = (ports: Ports, { SYNC_SCHEDULE }: Environment): Readonly<Record<string, string>> =>
  Object.assign(
    SYNC_SCHEDULE?.trim() ? {} : { SYNC_SCHEDULE: simulators.map(({ vendor }) => `${vendor}=off`).join('; ') },
    ...simulators.map(({ name, settings }) => settings(`http://127.0.0.1:${ports[name]}`)),
  );
