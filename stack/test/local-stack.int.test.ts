import { openDatabase } from '@millrace/core/database/open-database';
import { createLog } from '@millrace/core/log/create-log';
import type { Admin } from '@millrace/core/stream/admin';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalStack } from '../harness/local-stack.ts';
import type { Stack } from '../harness/stack.ts';
import { kafkaAnswers } from '../parts/kafka-answers.ts';
import { mysqlAnswers } from '../parts/mysql-answers.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startLocalStack(process.env);
}, 180_000);

afterAll(() => stack?.close());

const log = createLog({ name: 'test', level: 'silent' });

async function withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = await connectKafka({ brokers: [stack.kafkaBrokers], clientId: 'test', log }).openAdmin();
  return work(admin).finally(() => admin.close());
}

async function registered(subject: string): Promise<unknown> {
  const response = await fetch(`${stack.registryUrl}/subjects/${subject}/versions/latest`);
  return response.json();
}

describe('the local stack', () => {
  it('keeps a topic through kill -9 of Kafka', { timeout: 120_000 }, async () => {
    await withAdmin((admin) => admin.createTopics([{ topic: 'kept', partitions: 2, config: {} }]));

    await stack.parts?.kafka.kill();
    await stack.parts?.kafka.start();

    expect(await withAdmin((admin) => admin.listTopics())).toContain('kept');
  });

  it('keeps a schema through kill -9 of the registry the moment it was answered', { timeout: 120_000 }, async () => {
    const schema = JSON.stringify({ type: 'record', name: 'Kept', fields: [{ name: 'at', type: 'long' }] });
    const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
    const url = `${stack.registryUrl}/subjects/kept-value/versions`;
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ schema }) });
    const { id } = (await answer.json()) as { id: number };

    await stack.parts?.registry.kill();
    await stack.parts?.registry.start();

    expect(await registered('kept-value')).toMatchObject({ id, version: 1 });
    const config = await fetch(`${stack.registryUrl}/config`);
    expect(await config.json()).toEqual({ compatibilityLevel: 'BACKWARD' });
  });

  it('keeps a row through kill -9 of the database the moment it was committed', { timeout: 120_000 }, async () => {
    const before = openDatabase(stack.databaseUrl);
    await before.raw('CREATE TABLE kept (id INT PRIMARY KEY, word VARCHAR(20)) CHARACTER SET utf8mb4');
    await before('kept').insert({ id: 1, word: 'Cesária 🏃' });

    await stack.parts?.mariadb.kill();
    await stack.parts?.mariadb.start();

    const after = openDatabase(stack.databaseUrl);
    expect(await after('kept').select()).toEqual([{ id: 1, word: 'Cesária 🏃' }]);
    await Promise.all([before.close(), after.close()]);
  });

  it('freezes a part and lets it go on', async () => {
    const kafkaPort = Number(stack.kafkaBrokers.split(':')[1]);
    const mysqlPort = Number(new URL(stack.databaseUrl).port);

    await stack.parts?.kafka.pause();
    await stack.parts?.mariadb.pause();
    expect([await kafkaAnswers(kafkaPort), await mysqlAnswers(mysqlPort)]).toEqual([false, false]);
    await stack.parts?.kafka.resume();
    await stack.parts?.mariadb.resume();

    await expect.poll(() => kafkaAnswers(kafkaPort), { timeout: 20_000 }).toBe(true);
    await expect.poll(() => mysqlAnswers(mysqlPort), { timeout: 20_000 }).toBe(true);
  });
});
