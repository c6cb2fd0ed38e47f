import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { loadStreams } from '@millrace/core/schema/load-streams';
import { expect, it } from 'vitest';
import { compileDefinition } from '../rule/compile-definition.ts';
import { findRoles } from '../streams/roles.ts';
import { findSubjects } from '../streams/subjects.ts';
import { shippedRules } from './shipped-rules.ts';

const rules = shippedRules('running', 'music');

it('has the same ids in every release', () => {
  expect(rules.map(({ ruleId, definition }) => [definition.name, ruleId])).toEqual([
    ['A long run', '7af31e41-667b-5c17-8c90-236e21ffee7d'],
    ['A short run', '597b96f3-a7ff-586e-8a33-1c30d1e124ff'],
    ['A long song', 'ece55520-3672-5e2d-9736-eb9068163546'],
    ['A short song', '4742486a-582f-5c96-9fab-23edaaebba17'],
    ['Ten runs in a week', '955d7d7e-4863-5fc3-8bd5-b668a50c7d9c'],
    ['100 km in a month', '09897520-f91d-5a75-87c6-6ba3d1d6db6d'],
  ]);
});

it('fits the schemas that Millrace brings along', async () => {
  const streams = await loadStreams(join(rootDir, 'schemas'));
  const roles = findRoles(streams);
  if (!roles) throw new Error('there are no streams of rewards');
  const subjects = findSubjects(streams, roles, new Map(streams.map(({ topic, partitions }) => [topic, partitions])));

  const compiled = rules.map(({ ruleId, definition }) =>
    compileDefinition(definition, { ruleId, version: 1 }, subjects),
  );

  expect(compiled.filter((each) => 'faults' in each)).toEqual([]);
});
