/** A client that auth is started with. */
export const benchClient = { client_id: 'bench', client_secret: 'a-secret-of-the-bench', scopes: 'ingest' };

/** The settings by which auth knows it. */
export const authEnv = (port: number) => ({
  AUTH_PORT: String(port),
  AUTH_CLIENTS: JSON.stringify({ clients: [benchClient] }),
  SECRETS_KEY: 'a-key-of-the-bench-and-of-nothing-else',
});
