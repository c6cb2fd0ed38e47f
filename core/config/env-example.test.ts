import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { services } from '../services/services.ts';
import { envExample } from './env-example.ts';
import { readServiceConfig } from './read-config.ts';
import { rootDir } from './root-dir.ts';
import { setting } from './setting.ts';
import { wholeNumber } from './setting-types.ts';
import { sharedSettings } from './shared-settings.ts';

const own = z.object({ OWN: setting('7', wholeNumber(1), 'A setting of one service.') });

const uncommented = () => parseEnv(envExample([own]).replaceAll(/^# ([A-Z_]+=)/gm, '$1'));

describe('envExample', () => {
  it('names every setting', () => {
    expect(Object.keys(uncommented()).toSorted()).toEqual(
      [...Object.keys(sharedSettings.shape), ...services.map(({ portVariable }) => portVariable), 'OWN'].toSorted(),
    );
  });

  it('changes nothing, whether its lines are commented out or not', () => {
    const defaults = readServiceConfig({}, own);

    expect(readServiceConfig(parseEnv(envExample([own])), own)).toEqual(defaults);
    expect(readServiceConfig(uncommented(), own)).toEqual(defaults);
  });

  it('is the same on every machine', () => {
    expect(envExample([own])).not.toContain(rootDir);
  });
});
