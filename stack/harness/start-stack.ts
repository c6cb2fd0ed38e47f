import { StackError } from '../stack-error.ts';
import { externalStack } from './external-stack.ts';
import { startLocalStack } from './local-stack.ts';
import type { Stack } from './stack.ts';

/** Kafka, the registry and a MySQL for tests, from where `STACK` says: `local` (the default), `docker` or `external`. */
export async function startStack(env: Readonly<Record<string, string | undefined>>): Promise<Stack> {
  switch (env.STACK || 'local') {
    case 'local':
      return startLocalStack(env);
    case 'docker':
      return (await import('./docker-stack.ts')).startDockerStack();
    case 'external':
      return externalStack(env);
    default:
      throw new StackError(`STACK is ${env.STACK}; it may be local, docker or external.`);
  }
}
