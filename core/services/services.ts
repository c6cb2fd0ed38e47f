/** What a service is called and where it listens. Its folder has its name and holds a `service.ts`. */
export type ServiceRow = {
  readonly name: string;
  /** The environment variable that moves its port. */
  readonly portVariable: string;
  readonly port: number;
  /** What it does, as a sentence. */
  readonly doc: string;
  /** What a container of it may take, in megabytes. */
  readonly memory: number;
  /** Whether it writes to DATA_DIR what must outlive it. */
  readonly keepsData: boolean;
  /** Settings that its container has to be given in `.env`, and those that it may be: secrets that no other service gets. */
  readonly needs?: readonly string[];
  readonly takes?: readonly string[];
  /** A command to try it with, once it runs; `{url}` stands for its address. */
  readonly example: string;
};

/** Every service of the platform, in the order in which they are started and shown. No other place lists them. */
export const services = [
  {
    name: 'receiver',
    portVariable: 'RECEIVER_PORT',
    port: 8081,
    doc: 'Takes records over HTTP and answers once Kafka has them.',
    memory: 512,
    keepsData: false,
    example: `curl -s {url}/stats/running -H 'content-type: application/json' -d '{"user_id":"6f1e2f0c-6f6a-4e0e-9a53-0d1a3c2b4d5e","duration":1800,"distance":5000,"timestamp":"2026-03-14T07:30:00Z"}'`,
  },
  {
    name: 'storage',
    portVariable: 'STORAGE_PORT',
    port: 8082,
    doc: 'Reads streams by time and by key, from MySQL.',
    memory: 512,
    keepsData: false,
    takes: ['PARKING_LIMITS'],
    example: `curl -s '{url}/stats/running?start_timestamp=2026-03-14T00:00:00Z&limit=10'`,
  },
  {
    name: 'analyzer',
    portVariable: 'ANALYZER_PORT',
    port: 8083,
    doc: 'Answers “the n-th event” and “how much” from the topics’ own history.',
    memory: 1024,
    keepsData: true,
    example: `curl -s '{url}/running?index=0'; curl -s {url}/stats`,
  },
  {
    name: 'auth',
    portVariable: 'AUTH_PORT',
    port: 8086,
    doc: 'Issues tokens, and the keys that they are checked by.',
    memory: 512,
    keepsData: false,
    needs: ['SECRETS_KEY'],
    takes: ['AUTH_CLIENTS', 'RELAY_USERNAME', 'RELAY_PASSWORD'],
    example: `curl -s {url}/.well-known/oauth-authorization-server`,
  },
  {
    name: 'sync-connectors',
    portVariable: 'SYNC_CONNECTORS_PORT',
    port: 8084,
    doc: 'Reads vendors, and writes to Kafka what is new.',
    memory: 512,
    keepsData: false,
    needs: ['SECRETS_KEY'],
    takes: [
      ...['SYNC_SCHEDULE', 'SYNC_TIMEZONE', 'STALE_AFTER', 'ALLOW_EMPTY'],
      ...['BLACKBAUD_CLIENT_ID', 'BLACKBAUD_CLIENT_SECRET', 'BLACKBAUD_CLIENT_SECRET_2', 'BLACKBAUD_SUBSCRIPTION_KEY'],
      ...[
        'BLACKBAUD_API_URL',
        'BLACKBAUD_TOKEN_URL',
        'BLACKBAUD_REFRESH_TOKEN',
        'BLACKBAUD_DATABASE',
        'BLACKBAUD_PROFILE',
        'BLACKBAUD_TIMEZONE',
      ],
      ...['BLACKBAUD_CALLS_PER_SECOND', 'BLACKBAUD_CALLS_PER_DAY', 'BLACKBAUD_CUSTOMERS_QUERY'],
      ...['BLACKBAUD_TICKETED_EVENTS_QUERY', 'BLACKBAUD_WRISTBANDS_QUERY', 'BLACKBAUD_PARKING_PASSES_QUERY'],
      ...[
        'LISTING_PROVIDERS',
        'LISTING_TIME_ZONES',
        'LISTING_MAX_MEGABYTES',
        'LISTING_STALL_SECONDS',
        'LISTING_MAX_MINUTES',
      ],
    ],
    example: `curl -s {url}/; curl -s -X POST {url}/sync/all`,
  },
  {
    name: 'rules',
    portVariable: 'RULES_PORT',
    port: 8085,
    doc: 'Evaluates rules over what accounts do, as it happens and over history, and delivers events to endpoints.',
    memory: 512,
    keepsData: false,
    needs: ['SECRETS_KEY'],
    example: `curl -s {url}/v1/rules`,
  },
] as const satisfies readonly ServiceRow[];

export type ServiceName = (typeof services)[number]['name'];

export const serviceNames: readonly ServiceName[] = services.map(({ name }) => name);
