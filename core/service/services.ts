/** What a service is called and where it listens. Its folder has its name and holds a `service.ts`. */
export type ServiceRow = {
  readonly name: string;
  /** The environment variable that moves its port. */
  readonly portVariable: string;
  readonly port: number;
  /** What it does, as a sentence. */
  readonly doc: string;
};

/** Every service of the platform, in the order in which they are started and shown. No other place lists them. */
export const services = [
  {
    name: 'receiver',
    portVariable: 'RECEIVER_PORT',
    port: 8081,
    doc: 'Takes records over HTTP and answers once Kafka has them.',
  },
  {
    name: 'storage',
    portVariable: 'STORAGE_PORT',
    port: 8082,
    doc: 'Reads streams by time and by key, from MySQL.',
  },
  {
    name: 'analyzer',
    portVariable: 'ANALYZER_PORT',
    port: 8083,
    doc: 'Answers “the n-th event” and “how much” from the topics’ own history.',
  },
] as const satisfies readonly ServiceRow[];

export type ServiceName = (typeof services)[number]['name'];

export const serviceNames: readonly ServiceName[] = services.map(({ name }) => name);
