import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Guard, withoutBrackets } from './guard.ts';

const MOST_CHARACTERS = 2_000;
const LOOKUP_MS = 2_000;
/** Names that no public host has (RFC 6761, RFC 6762, RFC 8375 and ICANN's `internal`). */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/;

/**
 * What is wrong with the address of an endpoint, as the end of a sentence; undefined where nothing is. A name that can't be looked up
 * now is taken: the attempts will say so.
 * @param allowPrivate also lets `http://` in
 */
export async function checkUrl(text: string, guard: Guard, allowPrivate: boolean): Promise<string | undefined> {
  const fault = urlFault(text, allowPrivate);
  if (fault !== undefined || allowPrivate) return fault;
  const host = withoutBrackets(new URL(text).hostname);
  if (isIP(host) !== 0) return guard.refusal(host);
  if (PRIVATE_NAME.test(host)) return `${host} is a private name, and deliveries go to public ones`;
  const addresses = await Promise.race([guard.resolve(host).catch(() => []), sleep(LOOKUP_MS, [], { ref: false })]);
  const refusals = addresses.map(({ address }) => guard.refusal(address));
  return refusals.length > 0 && refusals.every((each) => each !== undefined) ? refusals[0] : undefined;
}

function urlFault(text: string, allowPrivate: boolean): string | undefined {
  if (text.length > MOST_CHARACTERS) return `may have at most ${MOST_CHARACTERS} characters`;
  if (!URL.canParse(text)) return 'must be a URL such as https://example.com/hooks';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:'))
    return `must begin with https://${allowPrivate ? ' or http://' : ''}`;
  if (username !== '' || password !== '') return 'must be without user and password: everyone who may see it would';
  if (hash !== '' || text.endsWith('#')) return 'must be without a fragment';
  return undefined;
}
