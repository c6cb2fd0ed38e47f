import { openDatabase } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { Use } from '@millrace/core/service/parts';
import { untilUp } from '@millrace/core/service/until-up';
import { followRules } from '../catalog/follow-rules.ts';
import { readRules } from '../catalog/read-rules.ts';
import { openParts } from '../open-parts.ts';
import type { ThreadSettings } from './thread-messages.ts';

type Options = { readonly settings: ThreadSettings; readonly use: Use; readonly log: Log };

/** Opens what each thread has of its own: Kafka, the registry, the database, and all rules as they change. */
export async function openWithRules({ settings, use, log }: Options) {
  const { config, roles } = settings;
  const { groupPrefix } = config.kafka;
  const { topic } = roles.rules;
  const db = await use(openDatabase(config.databaseUrl));
  const parts = await openParts({ ...settings, use, log, untilUp: (what, open) => untilUp(log, what, open) });
  const { kafka, admin, registry, subjects, onKafka } = parts;
  const rules = await use(
    onKafka(() => followRules({ kafka, admin, log, groupPrefix, topic, read: readRules(subjects, registry) })),
  );
  return { ...parts, db, rules, groupPrefix };
}
