import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditFaults, findingsOf, isReport } from './audit-answers.mjs';

/** As `npm audit --json` of npm 11 reports them. */
const report = {
  auditReportVersion: 2,
  vulnerabilities: {
    semver: {
      name: 'semver',
      via: [
        {
          ...{ source: 1096482, name: 'semver', dependency: 'semver', title: 'Regular expression denial of service' },
          ...{ url: 'https://github.com/advisories/GHSA-c2qf-rxjj-qqgw', severity: 'high', range: '<5.7.2' },
        },
      ],
    },
    'node-gyp': { name: 'node-gyp', via: ['semver'] },
  },
};
const finding = {
  ...{ id: 'GHSA-c2qf-rxjj-qqgw', package: 'semver', severity: 'high' },
  ...{ title: 'Regular expression denial of service', range: '<5.7.2' },
};
const answer = {
  id: finding.id,
  package: 'semver',
  reason: 'Only versions of our own are parsed.',
  date: '2026-11-27',
};
const none = { production: [], development: [] };

describe('a report of npm', () => {
  it('has each advisory of a package once, and none for who only depends on it', () => {
    expect(findingsOf(report)).toEqual([finding]);
    expect(findingsOf({ vulnerabilities: {} })).toEqual([]);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { message: '405 Method Not Allowed', statusCode: 405 },
    { error: { code: 'E' } },
  ])('is not %j, with which a registry says that it has no advisories to give', (given) => {
    expect(isReport(given)).toBe(false);
  });
});

describe('answers', () => {
  it('are wanted for each finding, by its advisory, with what to do', () => {
    const faults = auditFaults({ ...none, production: [finding] }, []);

    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(
      /^GHSA-c2qf-rxjj-qqgw \(high\): semver <5.7.2, a dependency in production: .*Upgrade it, or say in docs/,
    );
  });

  it('are wanted for what is only used in development, too', () => {
    expect(auditFaults({ ...none, development: [finding] }, [])[0]).toContain('a dependency in development');
    expect(auditFaults({ ...none, development: [finding] }, [answer])).toEqual([]);
  });

  it('without a finding are to be removed', () => {
    expect(auditFaults(none, [answer])).toEqual([
      'The answer to GHSA-c2qf-rxjj-qqgw of semver has no finding any more: remove it.',
    ]);
  });

  it('are of one package, and whole', () => {
    expect(auditFaults({ ...none, production: [finding] }, [{ ...answer, package: 'other' }])).toHaveLength(2);
    expect(auditFaults({ ...none, production: [finding] }, [{ ...answer, reason: '' }])).toEqual([
      'An answer to GHSA-c2qf-rxjj-qqgw semver lacks its reason.',
    ]);
  });

  it('that are committed can be read', () => {
    const text = readFileSync(join(rootDir, 'docs', 'dependency-audit.json'), 'utf8');
    const answers = z.array(
      z.strictObject({ id: z.string(), package: z.string(), reason: z.string().min(20), date: z.iso.date() }),
    );

    expect(answers.safeParse(JSON.parse(text)).error).toBeUndefined();
  });
});
