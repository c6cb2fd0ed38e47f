import { partitionCounts } from '@millrace/core/stream/partition-counts';
import type { World } from '@millrace/testing/world';
import type { Catalog } from '../catalog/catalog.ts';
import { followRules } from '../catalog/follow-rules.ts';
import { readRules } from '../catalog/read-rules.ts';
import type { DryOptions } from '../dry/dry-run.ts';
import { findRoles } from '../streams/roles.ts';
import { findSubjects } from '../streams/subjects.ts';

type Dry = { readonly options: DryOptions; readonly catalog: Catalog; close(): Promise<void> };

/** What dry runs in the test's own process need, with all rules that the world has by now. */
export async function openDry({ id, kafka, admin, registry, log, streams }: World): Promise<Dry> {
  const roles = findRoles(streams);
  if (!roles) throw new Error('there are no streams of rewards');
  const topics = streams.map(({ topic }) => topic);
  const subjects = findSubjects(streams, roles, await partitionCounts(admin, topics));
  const groupPrefix = `${id}-dry-`;
  const follow = { kafka, admin, log, groupPrefix, topic: roles.rules.topic, read: readRules(subjects, registry) };
  const followed = await followRules(follow);
  await followed.upToDate();
  const { catalog, close } = followed;
  return {
    options: { kafka, admin, registry, subjects, catalog, groupPrefix, maxDepth: 5, clockSkewMs: 100, log },
    catalog,
    close,
  };
}
