import { credentialsFile } from '@millrace/core/config/credentials';
import { addressesIn } from '../settings/addresses.ts';
import type { StackState } from '../supervisor/stack-state.ts';
import type { StackCli } from './stack-cli.ts';

const examples: Readonly<Record<string, (url: string) => string>> = {
  receiver: (url) =>
    `curl -s ${url}/stats/running -H 'content-type: application/json' -d '{"user_id":"6f1e2f0c-6f6a-4e0e-9a53-0d1a3c2b4d5e","duration":1800,"distance":5000,"timestamp":"2026-03-14T07:30:00Z"}'`,
  storage: (url) => `curl -s '${url}/stats/running?start_timestamp=2026-03-14T00:00:00Z&limit=10'`,
  analyzer: (url) => `curl -s '${url}/running?index=0'; curl -s ${url}/stats`,
  registry: (url) => `curl -s ${url}/apis/ccompat/v7/subjects`,
};

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}

/** Every address, each with a line to try. */
export function welcome({ parts }: StackState, { env, settings }: StackCli): string {
  const { kafkaBrokers, databaseUrl } = addressesIn(env);
  const places: Readonly<Record<string, string>> = { kafka: kafkaBrokers, mariadb: withoutPassword(databaseUrl) };
  const tries: Readonly<Record<string, string>> = {
    kafka: 'make kafka-topics ARGS="--list"',
    mariadb: `make sql (its password is in ${credentialsFile(settings.dataDir)})`,
  };
  const lines = parts.flatMap(({ name, url }) => {
    const example = examples[name]?.(url) ?? tries[name];
    return [`${name.padEnd(10)} ${places[name] ?? url}`, ...(example ? [`           ${example}`] : [])];
  });
  const more = 'make demo feeds it a week of runs and songs; make status, make logs, make down do what they say.';
  return `${lines.join('\n')}\n\n${more}\n`;
}
