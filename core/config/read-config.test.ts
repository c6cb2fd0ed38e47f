import { isAbsolute, join } from 'node:path';
import { schemasDir } from '@millrace/schemas/schemas-dir';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemOf } from '../problem/problem-of.ts';
import { services } from '../services/services.ts';
import { isLoopback } from './is-loopback.ts';
import { readConfig, readServiceConfig } from './read-config.ts';
import { rootDir } from './root-dir.ts';
import { setting } from './setting.ts';
import { wholeNumber } from './setting-types.ts';
import { sharedSettings } from './shared-settings.ts';

const own = z.object({ OWN: setting('7', wholeNumber(1), 'A setting of one service.') });

function faultsOf(env: Record<string, string>) {
  try {
    readServiceConfig(env, own);
  } catch (error) {
    const { code, message, errors } = problemOf(error);
    return { code, message, variables: errors.map(({ pointer }) => pointer), text: JSON.stringify(errors) };
  }
  return undefined;
}

describe('readConfig', () => {
  it('has a default for every setting', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      publishedHost: '',
      allowedHosts: [],
      ports: Object.fromEntries(services.map(({ name, port }) => [name, port])),
      kafka: { brokers: ['127.0.0.1:9092'], groupPrefix: '', replicationFactor: 1 },
      registryUrl: 'http://127.0.0.1:8181/apis/ccompat/v7',
      databaseUrl: 'mysql://millrace@127.0.0.1:3306/millrace',
      schemasDir,
      dataDir: join(rootDir, '.data'),
      logLevel: 'info',
      auth: 'open',
      authUrl: 'http://127.0.0.1:8086',
      authIssuer: '',
      authAudience: 'millrace',
      stuckAfterMs: 30_000,
    });
  });

  it('knows the issuer by its port, unless it is named', () => {
    expect(readConfig({ AUTH_PORT: '9086' }).authUrl).toBe('http://127.0.0.1:9086');
    expect(readConfig({ AUTH_PORT: '9086', AUTH_URL: 'https://id.example/' }).authUrl).toBe('https://id.example');
    expect(readConfig({ AUTH_URL: ' ', AUTH_AUDIENCE: 'here' })).toMatchObject({
      authUrl: 'http://127.0.0.1:8086',
      authAudience: 'here',
    });
  });

  it.each(['ftp://id', 'id.example', 'https://id.example/?a=b', 'https://id.example/#a', 'https://me:pw@id.example'])(
    'takes %s for no issuer',
    (AUTH_URL) => {
      expect(faultsOf({ AUTH_URL })).toMatchObject({ message: '1 invalid setting', variables: ['/AUTH_URL'] });
    },
  );

  it('gives a service its own settings beside those that all share', () => {
    const { config, settings } = readServiceConfig({ OWN: '12', HOST: 'localhost' }, own);

    expect(settings).toEqual({ OWN: 12 });
    expect(config.host).toBe('localhost');
    expect(readServiceConfig({}, own).settings).toEqual({ OWN: 7 });
  });

  it('takes an empty or blank variable for an unset one, and forgives space around a value', () => {
    const config = readConfig({ HOST: '', STORAGE_PORT: '  ', RECEIVER_PORT: ' 9000 ' });

    expect(config).toMatchObject({ host: '127.0.0.1', ports: { storage: 8082, receiver: 9000 } });
  });

  it('reads several brokers, and a registry address without the slash at its end', () => {
    const config = readConfig({
      KAFKA_BROKERS: 'a:1, b.example:9092,[::1]:9094',
      SCHEMA_REGISTRY_URL: 'https://r/api/',
    });

    expect(config.kafka.brokers).toEqual(['a:1', 'b.example:9092', '[::1]:9094']);
    expect(config.registryUrl).toBe('https://r/api');
  });

  it('makes folders absolute', () => {
    const { dataDir, schemasDir: schemas } = readConfig({ DATA_DIR: 'elsewhere', SCHEMAS_DIR: '/etc/schemas' });

    expect(isAbsolute(dataDir)).toBe(true);
    expect(dataDir).toBe(join(rootDir, 'elsewhere'));
    expect(schemas).toBe('/etc/schemas');
  });

  it('names every fault at once', () => {
    const faults = faultsOf({
      HOST: 'not a host',
      RECEIVER_PORT: '65536',
      KAFKA_BROKERS: 'localhost',
      SCHEMA_REGISTRY_URL: 'ftp://r',
      DATABASE_URL: 'mysql://host-without-a-name',
      LOG_LEVEL: 'loud',
      AUTH: 'maybe',
      CONSUMER_GROUP_PREFIX: 'a b',
      REPLICATION_FACTOR: '0',
      OWN: 'plenty',
    });

    expect(faults?.code).toBe('invalid-config');
    expect(faults?.message).toBe('10 invalid settings');
    expect(faults?.variables).toEqual([
      '/HOST',
      '/KAFKA_BROKERS',
      '/SCHEMA_REGISTRY_URL',
      '/DATABASE_URL',
      '/LOG_LEVEL',
      '/AUTH',
      '/CONSUMER_GROUP_PREFIX',
      '/REPLICATION_FACTOR',
      '/RECEIVER_PORT',
      '/OWN',
    ]);
  });

  it('never repeats a value, which may hold a password', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://me:hunter2@db/x' })?.text).not.toContain('hunter2');
  });

  it.each(['', '-1', '80.5', '8e3', '0x50', 'http'])('does not take "%s" for a port', (text) => {
    expect(faultsOf({ STORAGE_PORT: text })?.variables).toEqual(text === '' ? undefined : ['/STORAGE_PORT']);
  });

  it('refuses an address that other machines can reach, and says what a container sets', () => {
    expect(faultsOf({ HOST: '0.0.0.0' })?.variables).toEqual(['/HOST']);
    expect(faultsOf({ HOST: '::', AUTH: 'open' })?.text).toMatch(/loopback.*AUTH=required.*PUBLISHED_HOST/);
  });

  it('takes any address where tokens are required', () => {
    expect(readConfig({ HOST: '0.0.0.0', AUTH: 'required' })).toMatchObject({ host: '0.0.0.0', auth: 'required' });
    expect(readConfig({ AUTH: 'required', PUBLISHED_HOST: '192.0.2.7' }).auth).toBe('required');
  });

  it('goes by the address that a container is published on, where one is given', () => {
    expect(readConfig({ HOST: '0.0.0.0', PUBLISHED_HOST: '127.0.0.1' })).toMatchObject({
      host: '0.0.0.0',
      auth: 'open',
    });
    expect(faultsOf({ HOST: '0.0.0.0', PUBLISHED_HOST: '192.0.2.7' })?.variables).toEqual(['/PUBLISHED_HOST']);
    expect(faultsOf({ PUBLISHED_HOST: '0.0.0.0' })?.variables).toEqual(['/PUBLISHED_HOST']);
  });
});

describe('isLoopback', () => {
  it('knows the addresses that only this machine can reach', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].filter((host) => !isLoopback(host))).toEqual([]);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', 'localhost.example'].filter(isLoopback)).toEqual([]);
  });
});

describe('settings', () => {
  it('has one name for each', () => {
    expect(Object.keys(sharedSettings.shape).every((name) => /^[A-Z]+(_[A-Z]+)*$/.test(name))).toBe(true);
  });
});
