import { localAddress } from '@millrace/core/config/with-addresses';
import { messageOf } from '@millrace/core/problem/message-of';
import { StackError } from '../stack-error.ts';

/**
 * Throws unless the services' user reaches its database. A server that stumbles over a statement of its init file skips
 * the rest and serves: without this, it might go on with accounts that were never closed.
 */
export async function proveLogin(port: number, password: string): Promise<void> {
  // Only the supervisor asks a database; no other command should load a driver.
  const { openDatabase } = await import('@millrace/core/database/open-database');
  const database = openDatabase(localAddress.databaseUrl(port, password), { poolSize: 1 });
  try {
    await database.raw('SELECT 1');
  } catch (error) {
    throw new StackError(`could not set its passwords: ${messageOf(error)}`);
  } finally {
    await database.close();
  }
}
