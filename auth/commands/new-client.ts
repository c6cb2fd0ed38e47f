import { isScope } from '@millrace/core/access/scopes';
import { isName, NAME_RULE } from '../account/account.ts';

/** What of a command line a person has to correct. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const options = {
  name: { type: 'string' },
  scopes: { type: 'string' },
  subject: { type: 'string' },
  rotate: { type: 'boolean' },
  force: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export type Arguments = {
  readonly [Name in keyof typeof options]?: (typeof options)[Name]['type'] extends 'string' ? string : boolean;
};

/** A client to be made, or to be given a new secret. What is undefined stays as it is. */
export type NewClient = {
  readonly name: string;
  readonly scopes: readonly string[] | undefined;
  readonly subject: string | undefined;
  readonly rotate: boolean;
};

/** Throws a `UsageError` with every fault. */
export function readNewClient({ name = '', scopes, subject, rotate = false }: Arguments): NewClient {
  const list = scopes?.split(/[ ,]+/).filter((each) => each !== '');
  const faults = [
    ...(isName(name) ? [] : [`NAME ${NAME_RULE}`]),
    ...(subject === undefined || isName(subject) ? [] : [`SUBJECT ${NAME_RULE}`]),
    ...(rotate || list?.length ? [] : ['SCOPES must have at least one']),
    ...(list ?? [])
      .filter((each) => !isScope(each))
      .map((each) => `SCOPES has ${JSON.stringify(each)}, which is no scope`),
  ];
  if (faults.length > 0) throw new UsageError(faults.join('; '));
  return { name, scopes: list?.length ? list : undefined, subject, rotate };
}
