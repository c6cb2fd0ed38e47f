import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Problem } from '../problem/problem.ts';
import { rootDir } from './root-dir.ts';
import { type Environment, withAddresses } from './with-addresses.ts';

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new Problem('invalid-config', `${path} cannot be read`, { cause });
  }
}

const ENV_FILE = join(rootDir, '.env');

/** The process's environment over what the `.env` file in Millrace's own folder says; either may be empty. */
export const readGivenEnvironment = (
  environment: Environment = process.env,
  envFile: string = ENV_FILE,
): Environment => ({ ...readEnvFile(envFile), ...environment });

/**
 * The settings of every service and command: those of the environment, and where it names no address, that of the
 * platform which `make up` runs with the same settings.
 */
export const readEnvironment = (environment: Environment = process.env, envFile: string = ENV_FILE) =>
  withAddresses(readGivenEnvironment(environment, envFile));
