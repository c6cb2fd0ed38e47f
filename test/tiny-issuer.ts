import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Part = Readonly<Record<string, unknown>>;

export type TinyIssuer = {
  readonly url: string;
  /** The paths that it was asked for. */
  readonly asked: readonly string[];
  /** A token of a right header and right claims, but for what is given; undefined leaves one out. */
  token(claims?: Part, header?: Part, signature?: Signature): string;
  close(): Promise<void>;
};

/** Of the text that is signed. */
type Signature = (text: string) => Buffer;

const AUDIENCE = 'millrace';
const KID = 'the-key';
const LIFE_SECONDS = 600;
const encoded = (part: Part) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Signs as `HS256` does, with any secret. */
export const hmac =
  (secret: string | Buffer): Signature =>
  (text) =>
    createHmac('sha256', secret).update(text).digest();

/** Signs as `EdDSA` does. */
export const ed25519 =
  (key: KeyObject): Signature =>
  (text) =>
    sign(null, Buffer.from(text), key);

/** A JWT of any header and claims. */
export function jwt(header: Part, claims: Part, signature: Signature): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  return `${text}.${signature(text).toString('base64url')}`;
}

/** Listens on a free port of loopback; answers the URL and how to close it. */
export async function serveTiny(answer: (req: IncomingMessage, res: ServerResponse) => void) {
  const server = createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const portOf = (address: AddressInfo | string | null) => (typeof address === 'object' ? (address?.port ?? 0) : 0);

/** An issuer whose one key is at hand, so that a test can sign what auth never would. */
export async function openTinyIssuer(): Promise<TinyIssuer> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = { ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'EdDSA', use: 'sig' };
  const asked: string[] = [];
  const { url, close } = await serveTiny((req, res) => {
    asked.push(req.url ?? '');
    const isKeys = req.url === '/keys';
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(isKeys ? { keys: [key] } : { issuer: url, jwks_uri: `${url}/keys` }));
  });

  return {
    ...{ url, asked, close },
    token(claims = {}, header = {}, signature = ed25519(privateKey)) {
      const now = Math.floor(Date.now() / 1_000);
      return jwt(
        { alg: 'EdDSA', typ: 'at+jwt', kid: KID, ...header },
        {
          ...{ iss: url, aud: AUDIENCE, sub: 'tester', client_id: 'tester', scope: 'ingest read admin' },
          ...{ jti: randomUUID(), iat: now, exp: now + LIFE_SECONDS, ...claims },
        },
        signature,
      );
    },
  };
}
