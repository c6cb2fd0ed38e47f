import type { Database, Transaction } from '@millrace/core/database/open-database';
import { changeRows, selectRows } from '@millrace/core/database/run-sql';
import { hashOf, successorSeal } from './refresh-token.ts';
import { addToken } from './start-family.ts';
import { REFRESH_TOKEN_END } from './token-family.ts';

/** For so long after its use a token gives its successor again: an answer may be lost, and processes may share a token. */
export const REPEAT_SECONDS = 10;

/** `reused` means that the family was ended. */
export type Rotation = { readonly successor: string } | 'ended' | 'reused';

type Row = { readonly unused: number; readonly repeatable: number; readonly sealed_successor: Buffer | null };

/**
 * Uses a refresh token up and answers its successor, the same one to all who come within ten seconds of the first. Who comes later has a
 * token that somebody else used, or the other way round, so the family ends (RFC 9700, section 4.14.2). A family's row is locked first, by
 * whoever changes the family.
 * @param familyId the token's
 */
export const rotateRefreshToken = (db: Database, token: string, familyId: string): Promise<Rotation> =>
  db.transaction(async (trx): Promise<Rotation> => {
    const families = await selectRows(trx, 'SELECT id FROM auth_token_families WHERE id = ? FOR UPDATE', [familyId]);
    const [found] = await selectRows<Row>(
      trx,
      `SELECT used_at IS NULL AS unused, sealed_successor,
              COALESCE(used_at > TIMESTAMPADD(SECOND, -${REPEAT_SECONDS}, UTC_TIMESTAMP(3)), 0) AS repeatable
         FROM auth_refresh_tokens WHERE token_hash = ? AND expires_at > UTC_TIMESTAMP(3)`,
      [hashOf(token)],
    );
    if (families.length === 0 || !found) return 'ended';
    if (found.unused === 1) return { successor: await succeed(trx, token, familyId) };
    const successor = found.sealed_successor && successorSeal(token).open(found.sealed_successor, familyId);
    if (found.repeatable === 1 && successor) return { successor };
    await changeRows(trx, 'DELETE FROM auth_token_families WHERE id = ?', [familyId]);
    return 'reused';
  });

async function succeed(trx: Transaction, token: string, familyId: string): Promise<string> {
  const successor = await addToken(trx, familyId);
  await changeRows(
    trx,
    'UPDATE auth_refresh_tokens SET used_at = UTC_TIMESTAMP(3), sealed_successor = ? WHERE token_hash = ?',
    [successorSeal(token).seal(successor, familyId), hashOf(token)],
  );
  await changeRows(trx, `UPDATE auth_token_families SET expires_at = ${REFRESH_TOKEN_END} WHERE id = ?`, [familyId]);
  return successor;
}
