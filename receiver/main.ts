import { createAnswerError } from '@millrace/core/http/answer-error';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { openStreams } from '@millrace/core/record/open-streams';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { checkKafka } from '@millrace/core/stream/check-kafka';
import { connectKafka } from '@millrace/core/stream/connect-kafka';
import { createProducer } from '@millrace/core/stream/create-producer';
import { openRegistry } from '@millrace/core/stream/open-registry';
import { watchTopics } from '@millrace/core/stream/watch-topics';
import { createFastPath } from './create-fast-path.ts';
import { receiverRoutes } from './receiver-routes.ts';
import { service } from './service.ts';

await runService(service, async ({ use, untilUp, config, settings, log, metrics, health }) => {
  const { kafka: at } = config;
  const limits = {
    maxInFlightRecords: settings.MAX_IN_FLIGHT_RECORDS,
    maxInFlightBytes: settings.MAX_IN_FLIGHT_BYTES,
    maxBodyBytes: settings.MAX_BODY_BYTES,
    rateLimit: settings.RATE_LIMIT,
    trustedProxies: settings.TRUST_PROXY,
  };
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf(service, streams, config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const kafka = connectKafka({ brokers: at.brokers, clientId: 'millrace-receiver', log });
  const kafkaName = `Kafka at ${at.brokers.join(', ')}`;
  const admin = await use(untilUp(kafkaName, () => kafka.openAdmin()));
  const registry = openRegistry(config.registryUrl);
  const producer = await use(
    untilUp(kafkaName, () => createProducer(kafka, { ...limits, deadlineMs: settings.PRODUCE_DEADLINE_MS })),
  );
  const { replicationFactor } = at;
  const opened = await openStreams({ streams, admin, registry, producer, replicationFactor, untilUp });
  const watched = await use(watchTopics({ admin, streams, replicationFactor, log }));
  health.add('kafka', checkKafka(admin));
  health.add('topics', watched.check);

  const { posts, routes } = receiverRoutes({ ...opened, producer, authorize: http.authorize, log, ...limits });
  const answerError = createAnswerError(log);
  await use(http.serve(routes, (app) => createFastPath({ posts, app, answerError, log, metrics })));
});
