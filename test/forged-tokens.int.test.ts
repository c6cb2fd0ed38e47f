import { generateKeyPairSync } from 'node:crypto';
import type { RunningService } from '@millrace/testing/start-service';
import type { World } from '@millrace/testing/world';
import { shippedSchema } from '@millrace/testing/write-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGround } from './start-platform.ts';
import { ed25519, hmac, openTinyIssuer, serveTiny, type TinyIssuer } from './tiny-issuer.ts';

const SERVICES = ['receiver', 'storage', 'analyzer'] as const;

let ground: World;
let issuer: TinyIssuer;
let running: RunningService[];
/** Where a forged token asks to have its key fetched. */
let bait: { readonly url: string; close(): Promise<void> };
const taken: string[] = [];

beforeAll(async () => {
  const { stream, ...schema } = await shippedSchema('fitness/running');
  ground = await openGround({ running: { ...schema, stream: { ...stream, path: undefined } } });
  issuer = await openTinyIssuer();
  bait = await serveTiny((req, res) => {
    taken.push(req.url ?? '');
    res.end();
  });
  const env = { AUTH: 'required', AUTH_URL: issuer.url };
  running = await Promise.all(SERVICES.map((name) => ground.start(name, { env })));
});

afterAll(async () => {
  await Promise.all((running ?? []).map((service) => service.stop()));
  await Promise.all([issuer?.close(), bait?.close()]);
  await ground?.close();
});

/** How each service answers a token: its `/metrics` need `admin`. */
const answers = (token: string) =>
  Promise.all(
    running.map(async ({ url }) => {
      const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
      const text = await response.text();
      return [response.status, response.headers.get('www-authenticate'), response.ok ? '' : JSON.parse(text).detail];
    }),
  );

const REFUSED = [401, 'Bearer error="invalid_token"'];
const seconds = () => Math.floor(Date.now() / 1_000);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('ed25519');
const ofOther = ed25519(other.privateKey);
const otherJwk = other.publicKey.export({ format: 'jwk' });
const none = () => Buffer.alloc(0);

describe('a token of the issuer', () => {
  it('is taken by every service', async () => {
    expect((await answers(issuer.token())).map(([status]) => status)).toEqual([200, 200, 200]);
  });

  it('ends at its second, also where it was taken before', async () => {
    const ending = issuer.token({ exp: seconds() + 4 });
    const before = await answers(ending);
    await expect.poll(() => answers(ending), { timeout: 10_000 }).not.toEqual(before);

    const after = await answers(ending);

    expect(before.map(([status]) => status)).toEqual([200, 200, 200]);
    for (const answer of after) expect(answer).toEqual([...REFUSED, 'The token has expired; get another.']);
  });
});

describe('a forged token is refused by every service:', () => {
  it.each<[string, () => string]>([
    ['ended a second ago', () => issuer.token({ exp: seconds() - 1 })],
    ['without an end', () => issuer.token({ exp: undefined })],
    ['of another audience', () => issuer.token({ aud: 'another' })],
    ['of several audiences, ours not among them', () => issuer.token({ aud: ['another', 'millrace2'] })],
    ['of another issuer', () => issuer.token({ iss: 'http://127.0.0.1:1' })],
    ['of an issuer that begins alike', () => issuer.token({ iss: `${issuer.url}.evil.example` })],
    ['not valid yet', () => issuer.token({ nbf: seconds() + 600 })],
    ['of nobody', () => issuer.token({ sub: undefined })],
    ['an id token', () => issuer.token({}, { typ: 'JWT' })],
    ['without a type', () => issuer.token({}, { typ: undefined })],
    ['alg none', () => issuer.token({}, { alg: 'none' }, none)],
    ['alg None', () => issuer.token({}, { alg: 'None' }, none)],
    ['alg HS256 with the public key as its secret', () => issuer.token({}, { alg: 'HS256' }, hmac(String(otherJwk.x)))],
    [
      'alg HS256 with an empty secret, and a key id that is a path',
      () => issuer.token({}, { alg: 'HS256', kid: '../../../dev/null' }, hmac('')),
    ],
    ['alg RS256', () => issuer.token({}, { alg: 'RS256' }, ofOther)],
    ['a key id that is SQL', () => issuer.token({}, { kid: "x' UNION SELECT 'y" }, ofOther)],
    ['a key id that is an address', () => issuer.token({}, { kid: `${bait.url}/kid` }, ofOther)],
    ['a key id that every object has', () => issuer.token({}, { kid: '__proto__' }, ofOther)],
    ['signed by another key', () => issuer.token({}, {}, ofOther)],
    ['that brings its key', () => issuer.token({}, { jwk: otherJwk }, ofOther)],
    ['that says where its key is', () => issuer.token({}, { jku: `${bait.url}/jku` }, ofOther)],
    ['that says where its certificate is', () => issuer.token({}, { x5u: `${bait.url}/x5u` }, ofOther)],
    [
      'that brings a certificate',
      () =>
        issuer.token({}, { x5c: [rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] }, ofOther),
    ],
    ['with an extension that must be understood', () => issuer.token({}, { crit: ['b64'], b64: false })],
    ['with its claims changed', () => changed(issuer.token({ scope: 'read' }))],
    ['without its signature', () => `${issuer.token().split('.').slice(0, 2).join('.')}.`],
  ])('%s', async (_, forge) => {
    const found = await answers(forge());

    for (const answer of found) expect(answer.slice(0, 2)).toEqual(REFUSED);
    expect(taken).toEqual([]);
  });

  it('and unknown keys have the issuer asked at most once in 30 s', async () => {
    const before = issuer.asked.filter((path) => path === '/keys').length;

    for (let n = 0; n < 50; n += 1) await answers(issuer.token({}, { kid: `made-up-${n}` }, ofOther));

    expect(issuer.asked.filter((path) => path === '/keys').length - before).toBeLessThanOrEqual(SERVICES.length);
  });
});

/** With `admin` for `read`, under the signature of the other. */
function changed(token: string): string {
  const [header, claims = '', signature] = token.split('.');
  const more = Buffer.from(claims, 'base64url').toString().replace('"read"', '"admin"');
  return [header, Buffer.from(more).toString('base64url'), signature].join('.');
}

describe('an issuer that redirects', () => {
  it('is not followed', async () => {
    const target = await openTinyIssuer();
    const redirecting = await serveTiny((req, res) => res.writeHead(302, { location: target.url + req.url }).end());
    const env = { AUTH: 'required', AUTH_ISSUER: redirecting.url };
    const receiver = await ground.start('receiver', { env });

    const response = await fetch(`${receiver.url}/metrics`, { headers: { authorization: `Bearer ${target.token()}` } });
    await receiver.stop();
    await Promise.all([target.close(), redirecting.close()]);

    expect(response.status).toBe(503);
    expect(target.asked).toEqual([]);
  });
});
