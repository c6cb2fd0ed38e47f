import { createHash, createHmac } from 'node:crypto';
import { simulatedLogin } from '@millrace/core/services/simulators';

type TokenOptions = { readonly key: string; readonly clock: () => number };

export type Granted = { readonly access_token: string; readonly refresh_token: string };

export type Tokens = {
  /** A code that can be exchanged once, with the verifier of its challenge. */
  issueCode(request: { readonly clientId: string; readonly redirectUri: string; readonly challenge: string }): string;
  exchangeCode(
    code: string,
    given: { readonly clientId: string; readonly redirectUri: string; readonly verifier: string },
    expiresIn: number,
  ): Granted | undefined;
  /** Undefined is `invalid_grant`. `preserve` gives the same refresh token back. */
  refresh(token: string, options: { readonly preserve: boolean; readonly expiresIn: number }): Granted | undefined;
  /** Whether an access token holds now; a use of it ends the grace of the refresh token before it. */
  accepts(accessToken: string): boolean;
  /** Ends one access token, as if it had expired. */
  expire(accessToken: string): void;
  /** Whether an access token has been used before. */
  isUsed(accessToken: string): boolean;
  /** Ends every token that was ever issued. */
  revokeAll(): void;
};

type Family = { generation: number; isRevoked: boolean; successorUsed: boolean };

/** The refresh token that a platform without a vendor begins with. */
export const FIRST_REFRESH_TOKEN = simulatedLogin.refreshToken;

const digest = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/**
 * Tokens that rotate. A refresh token that was already exchanged is taken again only until what replaced it has been
 * used; after that it ends its whole family, as it may have been stolen. Tokens carry a signature, so that a simulator
 * that was restarted knows its own.
 */
export function createTokens({ key, clock }: TokenOptions): Tokens {
  const families = new Map<string, Family>();
  const codes = new Map<string, { clientId: string; redirectUri: string; challenge: string }>();
  const expired = new Set<string>();
  const used = new Set<string>();
  let revokedBefore = 0;
  let issued = 0;

  const sign = (text: string) => `${text}.${createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)}`;
  function read(token: string): string[] | undefined {
    const text = token.slice(0, token.lastIndexOf('.'));
    return sign(text) === token ? text.split('.') : undefined;
  }

  function grant(name: string, family: Family, expiresIn: number, preserved?: string): Granted {
    issued += 1;
    const access_token = sign(`at.${name}.${family.generation}.${issued}.${clock()}.${clock() + expiresIn * 1_000}`);
    return { access_token, refresh_token: preserved ?? sign(`rt.${name}.${family.generation}.${clock()}`) };
  }

  function newFamily(): [string, Family] {
    issued += 1;
    const name = `f${clock().toString(36)}${issued}`;
    const family = { generation: 1, isRevoked: false, successorUsed: false };
    families.set(name, family);
    return [name, family];
  }

  return {
    issueCode(request) {
      issued += 1;
      const code = sign(`code.${issued}`);
      codes.set(code, request);
      return code;
    },
    exchangeCode(code, given, expiresIn) {
      const request = codes.get(code);
      codes.delete(code);
      const isRight =
        request?.clientId === given.clientId &&
        request.redirectUri === given.redirectUri &&
        request.challenge === digest(given.verifier);
      return isRight ? grant(...newFamily(), expiresIn) : undefined;
    },
    refresh(token, { preserve, expiresIn }) {
      if (token === FIRST_REFRESH_TOKEN && revokedBefore === 0)
        return grant(...newFamily(), expiresIn, preserve ? token : undefined);
      const [kind, name, generationText, at] = read(token) ?? [];
      if (kind !== 'rt' || name === undefined || Number(at) < revokedBefore) return undefined;
      const generation = Number(generationText);
      const family = families.get(name) ?? { generation, isRevoked: false, successorUsed: false };
      families.set(name, family);
      const isReused = generation < family.generation - 1 || (generation < family.generation && family.successorUsed);
      if (isReused) family.isRevoked = true;
      if (family.isRevoked) return undefined;
      if (preserve) return grant(name, family, expiresIn, token);
      family.generation = generation + 1;
      family.successorUsed = false;
      return grant(name, family, expiresIn);
    },
    accepts(accessToken) {
      const [kind, name, generation, , from, until] = read(accessToken) ?? [];
      const holds =
        kind === 'at' && Number(from) >= revokedBefore && Number(until) > clock() && !expired.has(accessToken);
      const family = families.get(name ?? '');
      if (!holds || family?.isRevoked) return false;
      if (family?.generation === Number(generation)) family.successorUsed = true;
      return true;
    },
    expire: (accessToken) => void expired.add(accessToken),
    isUsed(accessToken) {
      const isUsed = used.has(accessToken);
      used.add(accessToken);
      return isUsed;
    },
    revokeAll() {
      revokedBefore = clock() + 1;
      families.clear();
    },
  };
}
