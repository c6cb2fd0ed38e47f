import type { TestProject } from 'vitest/node';
import type { Addresses } from '../settings/addresses.ts';
import { startStack } from './start-stack.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly stack: Addresses;
  }
}

/** One stack for a whole test run: suites ask `inject('stack')` where it is, and bring names of their own. */
export default async function startForRun(project: TestProject): Promise<() => Promise<void>> {
  const { kafkaBrokers, registryUrl, databaseUrl, close } = await startStack(process.env);
  project.provide('stack', { kafkaBrokers, registryUrl, databaseUrl });
  return close;
}
