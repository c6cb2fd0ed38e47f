import { createAnswerError } from '@millrace/core/http/answer-error';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { openStreams } from '@millrace/core/record/open-streams';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { postRoutes, postTable } from './accept/post-table.ts';
import { createFastPath } from './create-fast-path.ts';

await runService('receiver', async ({ use, untilUp, config, log, metrics, health }) => {
  const { kafka: at, receiver: limits } = config;
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf('receiver', streams);
  const http = await openHttp({ name: 'receiver', config, log, metrics, health, openapi });
  const kafka = connectKafka({ brokers: at.brokers, clientId: 'millrace-receiver', log });
  const kafkaName = `Kafka at ${at.brokers.join(', ')}`;
  const admin = await use(untilUp(kafkaName, () => openAdmin(kafka)));
  const registry = openRegistry(config.registryUrl);
  const producer = await use(
    untilUp(kafkaName, () => createProducer(kafka, { ...limits, deadlineMs: limits.produceDeadlineMs })),
  );
  const { replicationFactor } = at;
  const toRecords = await openStreams({ streams, admin, registry, producer, replicationFactor, untilUp });
  health.add('kafka', checkKafka(admin));

  const posts = postTable({ toRecords, producer, ...limits });
  const answerError = createAnswerError(log);
  await use(http.serve(postRoutes(posts), (app) => createFastPath({ posts, app, answerError, metrics })));
});
