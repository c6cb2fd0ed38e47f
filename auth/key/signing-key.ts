import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Seal } from '@millrace/core/seal/seal';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';

/** An Ed25519 key as a key set has it (RFC 8037). */
export type PublicKey = {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
};

/** A key as it is stored: its private part only for who has `SECRETS_KEY`. */
export type StoredKey = { readonly kid: string; readonly x: string; readonly sealed: Buffer };

export type SigningKey = { readonly kid: string; readonly privateKey: KeyObject };

const exported = z.object({ x: z.string() });

export const publicKeyOf = ({ kid, x }: Pick<StoredKey, 'kid' | 'x'>): PublicKey => ({
  ...{ kty: 'OKP', crv: 'Ed25519', x },
  ...{ kid, alg: 'EdDSA', use: 'sig' },
});

/** A new key, whose id is its thumbprint (RFC 7638). */
export async function newKey(seal: Seal): Promise<StoredKey> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x } = exported.parse(publicKey.export({ format: 'jwk' }));
  const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x });
  const text = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { kid, x, sealed: seal.seal(text, kid) };
}

/** Undefined when it was sealed under another `SECRETS_KEY`. */
export function openKey({ kid, sealed }: StoredKey, seal: Seal): SigningKey | undefined {
  const text = seal.open(sealed, kid);
  return text === undefined ? undefined : { kid, privateKey: createPrivateKey(text) };
}
