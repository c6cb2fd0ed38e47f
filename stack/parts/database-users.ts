import type { Credentials } from '@millrace/core/config/credentials';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

type Dialect = {
  /** The table of all accounts. */
  readonly accounts: 'mysql.global_priv' | 'mysql.user';
  /** The SQL that gives an account its password. */
  readonly identified: 'IDENTIFIED BY' | 'IDENTIFIED WITH mysql_native_password BY';
  /** What the server's own tests need beside rights on their databases. */
  readonly privileges?: string;
};

/**
 * SQL, a statement a line, that a server runs at each start before it takes connections. So passwords are those of
 * `credentials.json` also in a folder with data: a folder from when root had none is closed, and nothing in its
 * tables changes. Names are not resolved, so 'localhost' is the socket alone and root is not reached over TCP. The
 * grant covers the databases that tests make; it has no FILE.
 */
export function databaseUsers({ root, millrace }: Credentials['mysql'], dialect: Dialect): string {
  const { accounts, identified, privileges } = dialect;
  const superfluous =
    "User = '' OR (User = 'root' AND Host <> 'localhost') OR (User = 'millrace' AND Host <> '127.0.0.1')";
  return [
    `ALTER USER 'root'@'localhost' ${identified} ${quoted(root)};`,
    // With its grants; the account of folders from before passwords were made.
    "DROP USER IF EXISTS 'millrace'@'%';",
    `DELETE FROM ${accounts} WHERE ${superfluous};`,
    'FLUSH PRIVILEGES;',
    'CREATE DATABASE IF NOT EXISTS millrace CHARACTER SET utf8mb4;',
    `CREATE USER IF NOT EXISTS 'millrace'@'127.0.0.1' ${identified} ${quoted(millrace)};`,
    `ALTER USER 'millrace'@'127.0.0.1' ${identified} ${quoted(millrace)};`,
    "GRANT ALL ON `millrace%`.* TO 'millrace'@'127.0.0.1';",
    ...(privileges ? [`GRANT ${privileges} ON *.* TO 'millrace'@'127.0.0.1';`] : []),
    '',
  ].join('\n');
}
