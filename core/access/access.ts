import type { Stream } from '../schema/stream.ts';
import type { Scope } from './scopes.ts';

/** What a route asks of its caller: nothing, or a scope. */
export type Access = 'public' | ScopedAccess;

export type ScopedAccess = {
  readonly scope: Scope;
  /** The streams of which one is enough to have the scope for; without any it is the scope for all of them. */
  readonly streams: readonly AccessedStream[];
};

type AccessedStream = Pick<Stream, 'name' | 'access'>;

export const ingestInto = (stream: AccessedStream): ScopedAccess => ({ scope: 'ingest', streams: [stream] });

export const readOf = (stream: AccessedStream): ScopedAccess => ({ scope: 'read', streams: [stream] });

/** For a route that answers about the streams that its caller may read. */
export const readOfAny = (streams: readonly AccessedStream[]): ScopedAccess => ({ scope: 'read', streams });

export const ADMIN: ScopedAccess = { scope: 'admin', streams: [] };

/** For the routes of connectors. */
export const SYNC: ScopedAccess = { scope: 'sync', streams: [] };

/** For changing rules, and for what rules would do. */
export const RULES: ScopedAccess = { scope: 'rules', streams: [] };

/** Whether the route needs a token even where `AUTH` is `open`. */
export const needsToken = ({ streams }: ScopedAccess): boolean =>
  streams.length > 0 && streams.every(({ access }) => access === 'token');
