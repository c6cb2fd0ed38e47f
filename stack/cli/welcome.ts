import { type Credentials, credentialsFile } from '@millrace/core/config/credentials';
import { services } from '@millrace/core/services/services';
import { simulatorNames, simulators } from '@millrace/core/services/simulators';
import { addressesIn } from '../settings/addresses.ts';
import type { StackState } from '../supervisor/stack-state.ts';
import type { StackCli } from './stack-cli.ts';

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}

/**
 * Every address, each with a line to try, and where the secrets are that tokens are asked with.
 * @param made the passwords, where they are new: they are shown this once
 */
export function welcome({ parts }: StackState, { env, settings }: StackCli, made?: Credentials): string {
  const { kafkaBrokers, databaseUrl } = addressesIn(env);
  const places: Readonly<Record<string, string>> = { kafka: kafkaBrokers, mariadb: withoutPassword(databaseUrl) };
  const examples: Readonly<Record<string, string>> = {
    kafka: 'make kafka-topics ARGS="--list"',
    mariadb: `make sql (its password is in ${credentialsFile(settings.dataDir)})`,
    registry: 'curl -s {url}/apis/ccompat/v7/subjects',
    ...Object.fromEntries([...services, ...simulators].map(({ name, example }) => [name, example])),
  };
  const lines = parts.flatMap(({ name, url }) => {
    const example = examples[name]?.replaceAll('{url}', url);
    return [`${name.padEnd(10)} ${places[name] ?? url}`, ...(example ? [`           ${example}`] : [])];
  });
  const isSimulated = parts.some(({ name }) => simulatorNames.some((simulator) => simulator === name));
  const vendors = isSimulated ? 'No vendor is configured: Blackbaud and listings are simulated.\n' : '';
  const more = 'make demo feeds it a week of runs and songs; make status, make logs, make down do what they say.';
  const tokens = env.AUTH_ISSUER?.trim()
    ? `Tokens come from ${env.AUTH_ISSUER.trim()}.`
    : accounts(settings.dataDir, made);
  return `${lines.join('\n')}\n\n${tokens}\n${vendors}${more}\n`;
}

function accounts(dataDir: string, made: Credentials | undefined): string {
  const file = credentialsFile(dataDir);
  if (!made) return `The secrets of the user relay and the client admin, for tokens, are in ${file}.`;
  return [
    `Made for tokens, kept in ${file} and shown this once:`,
    `  user   relay  ${made.users.relay}`,
    `  client admin  ${made.clients.admin}`,
  ].join('\n');
}
