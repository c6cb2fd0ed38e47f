import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where Kafka, the registry, the database and the services are unless they are moved. */
const DEFAULTS = [9092, 8181, 3306, 8081, 8082, 8083, 8084, 8086, 8091, 8092];

export type DefaultPorts = {
  /** The ports that somebody connected to, each as often as that happened. */
  readonly touched: readonly number[];
  close(): void;
};

/** Listens where a platform is by default, as another platform would. A port that is taken is left out. */
export async function watchDefaultPorts(): Promise<DefaultPorts> {
  const touched: number[] = [];
  const servers = DEFAULTS.map((port) => {
    const server = createServer((socket) => {
      touched.push(port);
      socket.destroy();
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true });
    return server;
  });
  await Promise.all(servers.map((server) => once(server, 'listening').catch(() => {})));
  return {
    touched,
    close() {
      for (const server of servers) server.close();
    },
  };
}
