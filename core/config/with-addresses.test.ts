import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withAddresses } from './with-addresses.ts';

async function dataDir(password: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'millrace-addresses-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const mysql = { root: 'root-password', millrace: password };
  const text = JSON.stringify({ users: {}, clients: {}, secrets_key: 'key-key-key', mysql });
  await writeFile(join(dir, 'credentials.json'), text);
  return dir;
}

describe('withAddresses', () => {
  it('follows the ports that are moved, and takes the password that was made', async () => {
    const DATA_DIR = await dataDir('p@ss/word#1');

    const env = withAddresses({ DATA_DIR, KAFKA_PORT: '19092', REGISTRY_PORT: '18181', MYSQL_PORT: '13306' });

    expect(env).toMatchObject({
      KAFKA_BROKERS: '127.0.0.1:19092',
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:18181/apis/ccompat/v7',
      DATABASE_URL: 'mysql://millrace:p%40ss%2Fword%231@127.0.0.1:13306/millrace',
    });
    expect(decodeURIComponent(new URL(env.DATABASE_URL).password)).toBe('p@ss/word#1');
  });

  it('lets an address that is given win, whatever the ports say; a blank one is not given', async () => {
    const DATA_DIR = await dataDir('its-password');
    const given = { KAFKA_BROKERS: 'kafka:1', SCHEMA_REGISTRY_URL: 'http://registry', DATABASE_URL: 'mysql://a:b@c/d' };

    expect(withAddresses({ ...given, DATA_DIR, KAFKA_PORT: '5', MYSQL_PORT: 'none' })).toMatchObject(given);
    expect(withAddresses({ KAFKA_BROKERS: ' ', DATA_DIR: '/nowhere' })).toMatchObject({
      KAFKA_BROKERS: '127.0.0.1:9092',
      DATABASE_URL: 'mysql://millrace@127.0.0.1:3306/millrace',
    });
  });

  it.each(['0', '65536', '-1', '9092.0', '0x10', '90 92', 'kafka'])('refuses port %j by its own name', (port) => {
    expect(() => withAddresses({ KAFKA_PORT: port, DATA_DIR: '/nowhere' })).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        errors: [{ pointer: '/KAFKA_PORT', message: 'must be a whole number from 1 to 65535' }],
      }),
    );
  });
});
