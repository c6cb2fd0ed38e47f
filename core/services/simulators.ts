/** A vendor that is simulated: a program of `sync-connectors/simulators`, which `make up` starts where no vendor is configured. */
type SimulatorRow = {
  readonly name: string;
  /** The program's argument. */
  readonly vendor: string;
  /** The environment variable that moves its port. */
  readonly portVariable: string;
  readonly port: number;
  /** A command to try it with, once it runs; `{url}` stands for its address. */
  readonly example: string;
  /** What sync-connectors is given to read it. */
  settings(url: string): Readonly<Record<string, string>>;
};

/** The credentials that the simulated Blackbaud SKY takes. They open nothing else. */
export const simulatedLogin = {
  clientId: 'simulator-client',
  secret: 'simulator-secret',
  subscriptionKey: 'simulator-key',
  refreshToken: 'simulator-refresh-token',
} as const;

/** Every simulated vendor. No other place lists them. */
export const simulators = [
  {
    name: 'simulator-blackbaud',
    vendor: 'blackbaud',
    portVariable: 'SIMULATOR_BLACKBAUD_PORT',
    port: 8091,
    example: 'curl -s {url}/control',
    settings: (url: string) => ({
      BLACKBAUD_API_URL: url,
      BLACKBAUD_TOKEN_URL: `${url}/token`,
      BLACKBAUD_AUTHORIZE_URL: `${url}/oauth/authorize`,
      BLACKBAUD_CLIENT_ID: simulatedLogin.clientId,
      BLACKBAUD_CLIENT_SECRET: simulatedLogin.secret,
      BLACKBAUD_SUBSCRIPTION_KEY: simulatedLogin.subscriptionKey,
      BLACKBAUD_REFRESH_TOKEN: simulatedLogin.refreshToken,
    }),
  },
  {
    name: 'simulator-listings',
    vendor: 'listings',
    portVariable: 'SIMULATOR_LISTINGS_PORT',
    port: 8092,
    example: 'curl -s {url}/control; curl -s {url}/plans.xml',
    settings: (url: string) => ({ LISTING_PROVIDERS: `centro=${url}/plans.xml,norte=${url}/events.xml` }),
  },
] as const satisfies readonly SimulatorRow[];

export type SimulatorName = (typeof simulators)[number]['name'];

export const simulatorNames: readonly SimulatorName[] = simulators.map(({ name }) => name);

/** Settings that name a vendor: with any of them, nothing is simulated. */
export const vendorSettings = [
  'BLACKBAUD_CLIENT_ID',
  'BLACKBAUD_CLIENT_SECRET',
  'BLACKBAUD_SUBSCRIPTION_KEY',
  'BLACKBAUD_REFRESH_TOKEN',
  'LISTING_PROVIDERS',
] as const;
