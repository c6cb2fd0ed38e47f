import { describe, expect, it } from 'vitest';
import { areSimulated, simulatedVendors, simulatorParts } from './simulator.ts';

const ports = { 'simulator-blackbaud': 1_091, 'simulator-listings': 1_092 };

describe('simulated vendors', () => {
  it.each(['BLACKBAUD_CLIENT_ID', 'BLACKBAUD_SUBSCRIPTION_KEY', 'LISTING_PROVIDERS'])(
    'give way to a vendor that %s names',
    (name) => {
      expect(areSimulated({ [name]: 'x' }, true)).toBe(false);
      expect(areSimulated({ [name]: ' ' }, true)).toBe(true);
    },
  );

  it('are where sync-connectors is told to read', () => {
    const given = simulatedVendors(ports, {});

    expect(given).toMatchObject({
      BLACKBAUD_API_URL: 'http://127.0.0.1:1091',
      BLACKBAUD_TOKEN_URL: 'http://127.0.0.1:1091/token',
      LISTING_PROVIDERS: 'centro=http://127.0.0.1:1092/plans.xml,norte=http://127.0.0.1:1092/events.xml',
    });
    expect(simulatorParts(ports, {}).map(({ name, port }) => [name, port])).toEqual(Object.entries(ports));
  });

  it('are read on a schedule only where one is set', () => {
    expect(simulatedVendors(ports, {}).SYNC_SCHEDULE).toBe('blackbaud=off; listings=off');
    expect(simulatedVendors(ports, { SYNC_SCHEDULE: 'listings=*/5 * * * *' })).not.toHaveProperty('SYNC_SCHEDULE');
  });
});
