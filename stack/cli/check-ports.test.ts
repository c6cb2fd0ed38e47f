import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../parts/free-port.ts';
import { checkPorts } from './check-ports.ts';

const wanted = (name: string, port: number) => ({ name, port, portVariable: `${name.toUpperCase()}_PORT` });

describe('checkPorts', () => {
  it('names the port, who wants it, who has it and what moves it', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());

    const check = checkPorts([wanted('kafka', port)]);

    const holder = process.platform === 'linux' ? ` by .+ \\(pid ${process.pid}\\)` : '';
    await expect(check).rejects.toThrow(
      new RegExp(`^Port ${port}, wanted by kafka, is taken${holder}; move ours with KAFKA_PORT=…$`),
    );
  });

  it('notices two parts on one port', async () => {
    const port = await freePort();

    const check = checkPorts([wanted('kafka', port), wanted('storage', port)]);

    await expect(check).rejects.toThrow(`Port ${port} is set for both kafka and storage; move one with STORAGE_PORT=…`);
  });

  it('requires a fixed port, a different one for each', async () => {
    const check = checkPorts([wanted('receiver', 0), wanted('storage', 0)]);

    await expect(check).rejects.toThrow(/^RECEIVER_PORT is 0; .*\nSTORAGE_PORT is 0; .*$/);
  });

  it('is content with free ports', async () => {
    await checkPorts([wanted('kafka', await freePort()), wanted('storage', await freePort())]);
  });
});
