import type { Log } from '@millrace/core/log/create-log';
import type { Stream } from '@millrace/core/schema/stream';
import type { Catalog } from '../catalog/catalog.ts';
import type { ChangeRule } from '../change/change-rules.ts';
import { compileDefinition } from '../rule/compile-definition.ts';
import type { Subjects } from '../streams/subjects.ts';
import { shippedRules } from './shipped-rules.ts';

type WriteOptions = {
  readonly streams: readonly Stream[];
  readonly subjects: Subjects;
  readonly catalog: Catalog;
  readonly change: ChangeRule;
  readonly log: Log;
};

const FIRST_VERSION = 1;

/**
 * Makes those shipped rules that the stream of rules has never held a record of: what was changed or ended stays as it is. Without the
 * streams of fitness there are none.
 */
export async function writeShippedRules({ streams, subjects, catalog, change, log }: WriteOptions): Promise<void> {
  const of = (name: string) => streams.find(({ recordName }) => recordName === `millrace.fitness.${name}`)?.name;
  const [running, music] = [of('Running'), of('Music')];
  if (running === undefined || music === undefined) return;
  for (const { ruleId, definition } of shippedRules(running, music)) {
    if (catalog.recordsOf(ruleId).length > 0) continue;
    const compiled = compileDefinition(definition, { ruleId, version: FIRST_VERSION }, subjects);
    if ('faults' in compiled) {
      log.warn({ name: definition.name, faults: compiled.faults }, 'a shipped rule does not fit the schemas');
      continue;
    }
    await change(ruleId, (now) =>
      now.recordsOf(ruleId).length > 0 ? undefined : { version: FIRST_VERSION, definition },
    );
  }
}
