import { isTransient } from '@millrace/core/database/is-transient';
import type { Database } from '@millrace/core/database/open-database';
import type { Seal } from '@millrace/core/seal/seal';
import { wrongSecretsKey } from './renew-key.ts';
import { openKey, type PublicKey, publicKeyOf, type SigningKey } from './signing-key.ts';
import { publishedKeys } from './stored-keys.ts';

/** So a replica signs with a new key this long after it was made. */
const FOR_MS = 2_000;

type Keys = { readonly signing: SigningKey; readonly published: readonly PublicKey[] };

export type KeyRing = {
  /** The key that signs now. Rejects while the database does not answer. */
  signing(): Promise<SigningKey>;
  /** All that tokens may be signed with; the last that were known while the database does not answer. */
  published(): Promise<readonly PublicKey[]>;
  /** How many there were when they were last read. */
  count(): number;
};

/** The keys of the database, read again every two seconds that somebody asks for them. */
export function createKeyRing(db: Database, seal: Seal, now: () => number = () => performance.now()): KeyRing {
  let reading: { readonly since: number; readonly keys: Promise<Keys> } | undefined;
  let known: Keys | undefined;

  return {
    signing: async () => (await read()).signing,
    count: () => known?.published.length ?? 0,
    async published() {
      try {
        return (await read()).published;
      } catch (error) {
        if (known && isTransient(error)) return known.published;
        throw error;
      }
    },
  };

  function read(): Promise<Keys> {
    if (reading && now() - reading.since < FOR_MS) return reading.keys;
    const keys = load();
    reading = { since: now(), keys };
    keys.catch(() => {
      if (reading?.keys === keys) reading = undefined;
    });
    return keys;
  }

  async function load(): Promise<Keys> {
    const stored = await publishedKeys(db);
    const [first] = stored;
    const signing = first && (first.kid === known?.signing.kid ? known.signing : openKey(first, seal));
    if (!signing) throw wrongSecretsKey();
    known = { signing, published: stored.map(publicKeyOf) };
    return known;
  }
}
