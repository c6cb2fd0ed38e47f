import process from 'node:process';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { messageOf } from '@millrace/core/problem/message-of';
import { z } from 'zod';
import { startBlackbaud } from './blackbaud/start-blackbaud.ts';
import { startListings } from './listings/start-listings.ts';
import { simulatorSettings } from './simulator-settings.ts';

/** Starts the simulated vendors: both, or the one named as the first argument. Ends on a signal. */
const parsed = simulatorSettings.safeParse(readEnvironment(process.env));
const which = process.argv[2];
if (!parsed.success || (which !== undefined && which !== 'blackbaud' && which !== 'listings')) {
  const reason = parsed.success ? `there is no simulator ${which}` : z.prettifyError(parsed.error);
  process.stderr.write(`simulators: ${reason}\n`);
  process.exit(1);
}

const { data } = parsed;
const shared = { seed: data.SIMULATOR_SEED, growEveryMs: data.SIMULATOR_GROWTH_SECONDS * 1_000 };
try {
  const blackbaud =
    which === 'listings'
      ? undefined
      : await startBlackbaud({ ...shared, port: data.SIMULATOR_BLACKBAUD_PORT, customers: data.SIMULATOR_CUSTOMERS });
  const listings =
    which === 'blackbaud'
      ? undefined
      : await startListings({ ...shared, port: data.SIMULATOR_LISTINGS_PORT, plans: data.SIMULATOR_PLANS });
  if (blackbaud) process.stdout.write(`Blackbaud SKY, simulated: ${blackbaud.url}\n`);
  if (listings) process.stdout.write(`Listings, simulated: ${listings.url}/plans.xml ${listings.url}/events.xml\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void Promise.all([blackbaud?.close(), listings?.close()]).then(() => process.exit(0)));
} catch (error) {
  process.stderr.write(`simulators: ${messageOf(error)}\n`);
  process.exit(1);
}
