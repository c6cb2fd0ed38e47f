import { answerProblems } from './answer-problems.ts';
import { startProblems } from './start-problems.ts';

/** Every way Millrace says no, and docs/errors.md. Codes are part of the API: add freely, never rename. */
export const problems = { ...answerProblems, ...startProblems };

export type ProblemCode = keyof typeof problems;
