import { randomBytes } from 'node:crypto';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { freePort } from '../parts/free-port.ts';
import { httpAnswers } from '../parts/http-answers.ts';
import { StackError } from '../stack-error.ts';
import type { Stack } from './stack.ts';

/** A busy machine starts three servers at once slowly. */
const STARTED_WITHIN_MS = 180_000;

/** One Kafka node whose clients outside the container reach it where docker published it. */
const startKafka = (port: number): Promise<StartedTestContainer> =>
  new GenericContainer('apache/kafka:4.3.1')
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'BROKER://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `BROKER://127.0.0.1:${port}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_LOG_RETENTION_MS: '-1',
      KAFKA_LOG_MESSAGE_TIMESTAMP_TYPE: 'LogAppendTime',
      KAFKA_NUM_PARTITIONS: '3',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '3',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    })
    .withStartupTimeout(STARTED_WITHIN_MS)
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();

const startRegistry = (): Promise<StartedTestContainer> =>
  new GenericContainer('apicurio/apicurio-registry:3.3.3')
    .withExposedPorts(8080)
    .withStartupTimeout(STARTED_WITHIN_MS)
    .withWaitStrategy(Wait.forHttp('/apis/ccompat/v7/subjects', 8080))
    .start();

const startMysql = (password: string): Promise<StartedTestContainer> =>
  new GenericContainer('mysql:8.4')
    .withExposedPorts(3306)
    .withEnvironment({ MYSQL_ROOT_PASSWORD: password, MYSQL_DATABASE: 'millrace' })
    .withCommand(['--character-set-server=utf8mb4', '--local-infile=1'])
    .withStartupTimeout(STARTED_WITHIN_MS)
    .withWaitStrategy(Wait.forLogMessage(/ready for connections.*port: 3306/))
    .start();

/** The parts as containers, with a real MySQL 8.4. Needs a docker that runs. */
export async function startDockerStack(): Promise<Stack> {
  const kafkaPort = await freePort();
  const password = randomBytes(24).toString('hex');
  const started = await Promise.allSettled([startKafka(kafkaPort), startRegistry(), startMysql(password)]);
  const close = async () => {
    await Promise.all(started.map((each) => each.status === 'fulfilled' && each.value.stop()));
  };
  const [kafka, registry, mysql] = started;
  if (kafka.status !== 'fulfilled' || registry.status !== 'fulfilled' || mysql.status !== 'fulfilled') {
    await close();
    const reason = started.find((each) => each.status === 'rejected')?.reason;
    throw new StackError(`The containers could not be started: ${reason instanceof Error ? reason.message : reason}`);
  }

  const api = `http://${registry.value.getHost()}:${registry.value.getMappedPort(8080)}/apis/ccompat/v7`;
  if (!(await httpAnswers(`${api}/subjects`))) throw new StackError(`The registry does not answer at ${api}.`);
  await fetch(`${api}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ compatibility: 'BACKWARD' }),
  });
  const database = `${mysql.value.getHost()}:${mysql.value.getMappedPort(3306)}`;
  return {
    kafkaBrokers: `127.0.0.1:${kafkaPort}`,
    registryUrl: api,
    databaseUrl: `mysql://root:${password}@${database}/millrace`,
    close,
  };
}
