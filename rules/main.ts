import { openDatabase } from '@millrace/core/database/open-database';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { runService } from '@millrace/core/service/run-service';
import { openDeliveries } from './deliver/open-deliveries.ts';
import { openRules } from './open-rules.ts';
import { service } from './service.ts';
import { findRoles } from './streams/roles.ts';

await runService(service, async ({ use, untilUp, config, settings, log, metrics, health }) => {
  const streams = await loadStreams(config.schemasDir);
  const openapi = () => openapiOf(service, streams, config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const roles = findRoles(streams);
  const db = await use(openDatabase(config.databaseUrl));
  const deliveries = await openDeliveries({ use, untilUp, config, settings, log, metrics, db, streams });
  if (!roles) {
    log.warn('there are no rules: the schemas have no streams of rewards, such as rules and won-events');
    health.add('kafka', deliveries.kafka);
    await use(http.serve(deliveries.routes));
    return;
  }
  const rules = await openRules({ use, untilUp, config, settings, log, metrics, db, streams, roles });
  for (const [name, check] of Object.entries(rules.checks)) health.add(name, check);
  await use(http.serve([...rules.routes, ...deliveries.routes]));
});
