import { openDatabase } from '@millrace/core/database/open-database';
import { openHttp } from '@millrace/core/http/open-http';
import { openapiOf } from '@millrace/core/openapi/openapi-of';
import { runService } from '@millrace/core/service/run-service';
import { openAuth } from './open-auth.ts';
import { answerOwnPages } from './routes/answer-own-pages.ts';
import { service } from './service.ts';

await runService(service, async ({ use, untilUp, config, settings, log, metrics, health }) => {
  const openapi = () => openapiOf(service, [], config);
  const http = await openHttp({ name: service.name, config, log, metrics, health, openapi });
  const db = await use(openDatabase(config.databaseUrl));
  const auth = await openAuth({ use, untilUp, config, settings, log, metrics, db });
  health.add('database', auth.database);
  await use(http.serve(auth.routes, answerOwnPages(config.ports)));
});
