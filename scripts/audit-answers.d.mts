export type Finding = {
  readonly id: string;
  readonly package: string;
  readonly severity: string;
  readonly title: string;
  readonly range: string;
};
export type Answer = {
  readonly id: string;
  readonly package: string;
  readonly reason: string;
  readonly date: string;
};
export function findingsOf(report: object): Finding[];
export function isReport(report: unknown): boolean;
export function auditFaults(
  findings: { readonly production: readonly Finding[]; readonly development: readonly Finding[] },
  answers: readonly Answer[],
): string[];
