import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { envExample } from './env-example.ts';
import { readConfig } from './read-config.ts';
import { rootDir } from './root-dir.ts';
import { settings } from './settings.ts';

const uncommented = () => parseEnv(envExample().replaceAll(/^# ([A-Z_]+=)/gm, '$1'));

describe('envExample', () => {
  it('names every setting', () => {
    expect(Object.keys(uncommented()).toSorted()).toEqual(Object.keys(settings.shape).toSorted());
  });

  it('changes nothing, whether its lines are commented out or not', () => {
    expect(readConfig(parseEnv(envExample()))).toEqual(readConfig({}));
    expect(readConfig(uncommented())).toEqual(readConfig({}));
  });

  it('is the same on every machine', () => {
    expect(envExample()).not.toContain(rootDir);
  });
});
