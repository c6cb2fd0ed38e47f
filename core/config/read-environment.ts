import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { Problem } from '../problem/problem.ts';
import { rootDir } from './root-dir.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw new Problem('invalid-config', `${path} cannot be read`, { cause });
  }
}

/** The process's environment over what the `.env` file in Millrace's own folder says; either may be empty. */
export const readEnvironment = (
  environment: Environment = process.env,
  envFile: string = join(rootDir, '.env'),
): Environment => ({ ...readEnvFile(envFile), ...environment });
