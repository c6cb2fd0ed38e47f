import { createAnswerError } from '@millrace/core/http/answer-error';
import { createApp } from '@millrace/core/http/create-app';
import { serveHttp } from '@millrace/core/http/serve-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { untilUp } from '@millrace/core/service/until-up';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { connectKafka, openAdmin } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { createFront } from './create-front.ts';
import { openStreams } from './open-streams.ts';
import { postRoutes, postTable } from './post-table.ts';

await runService('receiver', async ({ use, config, log, metrics, health }) => {
  const { kafka: at, receiver: limits } = config;
  const streams = await loadStreams(config.schemasDir);
  const kafka = connectKafka({ brokers: at.brokers, clientId: 'millrace-receiver', log });
  const kafkaName = `Kafka at ${at.brokers.join(', ')}`;
  const admin = await use(untilUp(log, kafkaName, () => openAdmin(kafka)));
  const registry = openRegistry(config.registryUrl);
  const producer = await use(
    untilUp(log, kafkaName, () => createProducer(kafka, { ...limits, deadlineMs: limits.produceDeadlineMs })),
  );
  const { replicationFactor } = at;
  const intakes = await openStreams({ streams, admin, registry, producer, replicationFactor, log });
  health.add('kafka', checkKafka(admin));

  const posts = postTable({ intakes, producer, ...limits });
  const openapi = () => openapiOf('receiver', streams);
  const app = createApp({ name: 'receiver', log, metrics, ready: health.report, openapi, routes: postRoutes(posts) });
  const front = createFront({ posts, app, answerError: createAnswerError(log), metrics });
  await use(serveHttp({ host: config.host, port: config.ports.receiver, name: 'receiver', log }, front));
});
