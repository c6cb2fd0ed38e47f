import { type LookupAddress, type LookupOptions, lookup as lookUp } from 'node:dns';
import { isIP } from 'node:net';
import { isPrivate } from './is-private.ts';

/** Which addresses may be connected to. */
export type Guard = {
  /** Why not; undefined where it may. */
  refusal(address: string): string | undefined;
  readonly resolve: Resolve;
};

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

export const createGuard = (allowPrivate: boolean, resolve: Resolve = resolveAll): Guard => ({
  resolve,
  refusal: (address) =>
    allowPrivate || !isPrivate(address)
      ? undefined
      : `${address} is a private address, and deliveries go to public ones`,
});

const resolveAll: Resolve = (host) =>
  new Promise((resolve, reject) => {
    lookUp(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** The text in brackets of `[::1]`, and any other host as it is. */
export const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/** Throws `RefusedAddress` for a host that is itself an address that is refused; a name is looked up when it is connected to. */
export function checkLiteral(guard: Guard, host: string): void {
  const address = withoutBrackets(host);
  const refusal = isIP(address) === 0 ? undefined : guard.refusal(address);
  if (refusal !== undefined) throw new RefusedAddress(refusal);
}

type Answered = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** `lookup` of a socket: it is given only addresses that may be connected to. */
export const guardedLookup =
  (guard: Guard) =>
  (host: string, options: LookupOptions, done: Answered): void => {
    guard.resolve(host).then(
      (found) => {
        const allowed = found.filter(({ address }) => guard.refusal(address) === undefined);
        const [first] = allowed;
        if (!first) done(new RefusedAddress(refusalOf(host, guard, found)), []);
        else if (options.all) done(null, [...allowed]);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, []),
    );
  };

function refusalOf(host: string, guard: Guard, [first]: readonly LookupAddress[]): string {
  return first ? `${host}: ${guard.refusal(first.address)}` : `${host} has no address`;
}
