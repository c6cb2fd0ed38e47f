import { createHmac } from 'node:crypto';
import { keyOf } from './secret.ts';

/** The headers of https://www.standardwebhooks.com: one signature for each secret, so that who has either can verify. */
export function signedHeaders(id: string, atMs: number, body: Buffer, secrets: readonly string[]) {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signatures = secrets.map((secret) => {
    const digest = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64');
    return `v1,${digest}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
