import { setting } from '@millrace/core/config/setting';
import { port, wholeNumber } from '@millrace/core/config/setting-types';
import { type SimulatorName, simulators } from '@millrace/core/services/simulators';
import { z } from 'zod';

const portOf = (wanted: SimulatorName) => String(simulators.find(({ name }) => name === wanted)?.port);

/** The settings of the simulated vendors. */
export const simulatorSettings = z.object({
  SIMULATOR_BLACKBAUD_PORT: setting(
    portOf('simulator-blackbaud'),
    port,
    'The port of the simulated Blackbaud SKY; 0 takes any.',
  ),
  SIMULATOR_LISTINGS_PORT: setting(
    portOf('simulator-listings'),
    port,
    'The port of the simulated providers of listings; 0 takes any.',
  ),
  SIMULATOR_SEED: setting('1', wholeNumber(0), 'What the simulated data is made from.'),
  SIMULATOR_GROWTH_SECONDS: setting('300', wholeNumber(0), 'Seconds between two changes of the data; 0 never changes.'),
  SIMULATOR_CUSTOMERS: setting('120', wholeNumber(1, 1_000_000), 'Customers that the simulated Blackbaud begins with.'),
  SIMULATOR_PLANS: setting('40', wholeNumber(1, 1_000_000), 'Base plans of each simulated provider.'),
});
