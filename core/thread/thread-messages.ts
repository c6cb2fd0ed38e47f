import { Problem } from '../problem/problem.ts';

/** What a thread reports, or answers, by name. Arguments and results have to be such that a message can carry them. */
export type Reports<Events> = { readonly [Name in keyof Events]: (...of: never[]) => void };
export type Questions<Answers> = { readonly [Name in keyof Answers]: (...of: never[]) => Promise<unknown> };

/** Calls one of them, as a message asks for it. */
export function callByName(functions: object, name: string, of: readonly unknown[]): unknown {
  const called: unknown = Reflect.get(functions, name);
  if (typeof called !== 'function') throw new Error(`there is no ${name}`);
  return Reflect.apply(called, functions, of);
}

/** A `Problem` as a message carries it: of an error only the name, the text and the stack arrive. */
type SentProblem = Pick<Problem, 'code' | 'message' | 'errors' | 'headers' | 'members'>;

export function sendable(error: unknown): SentProblem | undefined {
  if (!(error instanceof Problem)) return undefined;
  const { code, message, errors, headers, members } = error;
  return { code, message, errors, headers, members };
}

export const received = ({ code, message, ...options }: SentProblem): Problem => new Problem(code, message, options);

export type FromThread =
  | { readonly kind: 'started' }
  | { readonly kind: 'report'; readonly name: string; readonly of: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | {
      readonly kind: 'refusal';
      readonly id: number;
      readonly error: unknown;
      readonly problem: SentProblem | undefined;
    }
  | { readonly kind: 'failed'; readonly error: unknown };

export type ToThread =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly of: readonly unknown[] }
  | { readonly kind: 'close' };
