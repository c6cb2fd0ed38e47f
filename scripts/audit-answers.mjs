/** A finding of `npm audit`, each advisory of each package once: `{ id, package, severity, title, range }`. */
export function findingsOf(report) {
  const found = new Map();
  for (const { via = [] } of Object.values(report.vulnerabilities ?? {}))
    for (const each of via) {
      // A text names another package that the advisory is about, which has an entry of its own.
      if (typeof each === 'string') continue;
      const id = each.url?.split('/').at(-1) ?? String(each.source);
      found.set(`${id} ${each.name}`, {
        ...{ id, package: each.name },
        ...{ severity: each.severity, title: each.title, range: each.range },
      });
    }
  return [...found.values()];
}

/** Whether a report is an answer about advisories: a registry that has none to give, or is away, answers an error. */
export const isReport = (report) =>
  typeof report === 'object' && report !== null && typeof report.vulnerabilities === 'object';

const KINDS = ['production', 'development'];

/**
 * What is wrong between what was found and what was answered in writing, a line each; none when each finding has its answer and each
 * answer its finding.
 * @param findings by kind of dependency: `{ production, development }`
 * @param answers of docs/dependency-audit.json
 */
export function auditFaults(findings, answers) {
  const faults = [];
  const keyOf = ({ id, package: name }) => `${id} ${name}`;
  const answered = new Map(answers.map((answer) => [keyOf(answer), answer]));
  const found = new Map(
    KINDS.flatMap((kind) => (findings[kind] ?? []).map((each) => [keyOf(each), { kind, ...each }])),
  );
  for (const answer of answers)
    for (const name of ['id', 'package', 'reason', 'date'])
      if (typeof answer[name] !== 'string' || answer[name] === '')
        faults.push(`An answer to ${keyOf(answer)} lacks its ${name}.`);
  for (const [key, { kind, id, package: name, severity, title, range }] of found)
    if (!answered.has(key))
      faults.push(
        `${id} (${severity}): ${name} ${range}, a dependency in ${kind}: ${title}. Upgrade it, or say in docs/dependency-audit.json ` +
          'why it does not reach us.',
      );
  for (const [key, { id, package: name }] of answered)
    if (!found.has(key)) faults.push(`The answer to ${id} of ${name} has no finding any more: remove it.`);
  return faults;
}
