import { EventEmitter, once } from 'node:events';
import { Agent, type ClientRequest, get } from 'node:http';
import { silentLog } from '@millrace/testing/serve-for-test';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveHttp } from './serve-http.ts';

const options = { host: '127.0.0.1', port: 0, name: 'sync-connectors', log: silentLog };

function keepAlive() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

async function answerOf(req: ClientRequest) {
  const [res] = await once(req, 'response');
  return { res, text: Buffer.concat(await res.toArray()).toString() };
}

describe('serveHttp', () => {
  it('listens where it says', async () => {
    const server = await serveHttp(options, (_req, res) => res.end('here'));
    onTestFinished(() => server.close());

    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    expect(await (await fetch(server.url)).text()).toBe('here');
  });

  it('says which variable to change when the port is in use', async () => {
    const first = await serveHttp(options, (_req, res) => res.end());
    onTestFinished(() => first.close());

    const second = serveHttp({ ...options, port: first.port }, (_req, res) => res.end());

    await expect(second).rejects.toMatchObject({
      code: 'port-in-use',
      message: `cannot listen on 127.0.0.1:${first.port}: the port is in use; free it or set SYNC_CONNECTORS_PORT.`,
    });
  });

  it('says that an address is not this machine’s', async () => {
    const elsewhere = serveHttp({ ...options, host: '192.0.2.1' }, (_req, res) => res.end());

    await expect(elsewhere).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('set HOST'),
    });
  });

  it('closes at once when only idle keep-alive connections are left', async () => {
    const server = await serveHttp({ ...options, closeWithinMs: 60_000 }, (_req, res) => res.end('ok'));
    const agent = keepAlive();
    await answerOf(get(server.url, { agent }));

    await server.close();

    await expect(fetch(server.url)).rejects.toThrow();
  });

  it('lets a request in flight finish, whether or not its answer had begun', async () => {
    const gate = new EventEmitter();
    const server = await serveHttp({ ...options, closeWithinMs: 60_000 }, async (req, res) => {
      if (req.url === '/begun') res.write('begun ');
      gate.emit(`arrived ${req.url}`);
      await once(gate, 'open');
      res.end('done');
    });
    const arrived = Promise.all([once(gate, 'arrived /begun'), once(gate, 'arrived /waiting')]);
    const answers = ['/begun', '/waiting'].map((path) => answerOf(get(`${server.url}${path}`, { agent: keepAlive() })));
    await arrived;

    const closed = server.close();
    gate.emit('open');

    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(['begun done', 'done']);
    await closed;
  });

  it('cuts what does not finish in time', async () => {
    const arrival = new EventEmitter();
    const server = await serveHttp({ ...options, closeWithinMs: 50 }, () => arrival.emit('request'));
    const arrived = once(arrival, 'request');
    const hanging = fetch(server.url);
    const cut = expect(hanging).rejects.toThrow();
    await arrived;

    await server.close();

    await cut;
  });

  it('may be closed twice', async () => {
    const server = await serveHttp(options, (_req, res) => res.end());

    await Promise.all([server.close(), server.close()]);
  });
});
