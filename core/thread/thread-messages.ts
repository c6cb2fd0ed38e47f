/** What a thread reports, or answers, by name. Arguments and results have to be such that a message can carry them. */
export type Reports<Events> = { readonly [Name in keyof Events]: (...of: never[]) => void };
export type Questions<Answers> = { readonly [Name in keyof Answers]: (...of: never[]) => Promise<unknown> };

/** Calls one of them, as a message asks for it. */
export function callByName(functions: object, name: string, of: readonly unknown[]): unknown {
  const called: unknown = Reflect.get(functions, name);
  if (typeof called !== 'function') throw new Error(`there is no ${name}`);
  return Reflect.apply(called, functions, of);
}

export type FromThread =
  | { readonly kind: 'started' }
  | { readonly kind: 'report'; readonly name: string; readonly of: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: unknown }
  | { readonly kind: 'failed'; readonly error: unknown };

export type ToThread =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly of: readonly unknown[] }
  | { readonly kind: 'close' };
