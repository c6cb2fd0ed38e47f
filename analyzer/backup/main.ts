import { resolve } from 'node:path';
import { operatorHeaders } from '@millrace/core/access/operator-headers';
import { readConfig } from '@millrace/core/config/read-config';
import { readEnvironment } from '@millrace/core/config/read-environment';
import { createLog } from '@millrace/core/log/create-log';
import { Problem } from '@millrace/core/problem/problem';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { describeFailure } from '@millrace/core/service/describe-failure';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

const LIMITS = { deadlineMs: 60_000, maxInFlightRecords: 100_000, maxInFlightBytes: 256 * 1024 * 1024 };
const [, , what = '', given = ''] = process.argv;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const USAGE = 'make backup DIR=…, or make restore DIR=…';
if (what === '--help') {
  say(USAGE);
  process.exit(0);
}

try {
  if (!['backup', 'restore'].includes(what) || given === '')
    throw new Problem('invalid-config', `say what, and a folder: ${USAGE}`);
  const env = readEnvironment();
  const config = readConfig(env);
  const streams = await loadStreams(config.schemasDir);
  const dir = resolve(given);
  if (what === 'backup') {
    const url = `http://${config.host}:${config.ports.analyzer}`;
    await backup({ url, streams, dir, headers: () => operatorHeaders(config, env), say });
  } else {
    const kafka = connectKafka({
      brokers: config.kafka.brokers,
      clientId: 'millrace-restore',
      log: createLog({ name: 'restore', level: 'warn' }),
    });
    const admin = await kafka.openAdmin();
    const producer = await createProducer(kafka, LIMITS);
    const registry = openRegistry(config.registryUrl);
    const { replicationFactor } = config.kafka;
    try {
      await restore({ streams, dir, admin, registry, producer, replicationFactor, say });
    } finally {
      await Promise.allSettled([producer.close(), admin.close()]);
    }
  }
} catch (error) {
  process.stderr.write(`${describeFailure(what || 'backup', error)}\n`);
  process.exitCode = 1;
}
