import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';

const frame = new URL('../service/run-service.ts', import.meta.url).href;
const problem = new URL('../problem/problem.ts', import.meta.url).href;
const zod = import.meta.resolve('zod');

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A service in a process of its own; `body` is what it does with the frame. */
function runChild(body: string, env: Record<string, string> = {}) {
  const code = `
    import { z } from '${zod}';
    import { runService } from '${frame}';
    import { Problem } from '${problem}';
    const part = (name) => ({ close: async () => console.log('closed ' + name) });
    const stay = () => ({ timer: setInterval(() => {}, 1000) });
    await runService({ name: 'storage', settings: z.object({}) }, async ({ use, config, log, health }) => { ${body} });`;
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', code], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { out: '', err: '' };
  const watchers = new Set<() => void>();
  const collect = (stream: 'out' | 'err') => (chunk: Buffer) => {
    output[stream] += chunk;
    for (const look of watchers) look();
  };
  child.stdout.on('data', collect('out'));
  child.stderr.on('data', collect('err'));
  const exit = once(child, 'close').then(([code]) => ({ code, ...output }));
  const says = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => output.out.includes(text) && resolve();
      watchers.add(look);
      look();
    });
  return { child, exit, says };
}

describe.concurrent('runService', { timeout: 60_000 }, () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes in reverse order on %s and exits with 0', async (signal) => {
    const { child, exit, says } = runChild(`stay(); await use(part('database')); await use(part('http'));`);
    await says('"msg":"started"');

    child.kill(signal);

    const { code, out } = await exit;
    expect(code).toBe(0);
    expect(out).toMatch(/closed http\nclosed database\n/);
    expect(out).toContain('"msg":"stopped"');
  });

  it('keeps closing in order when more signals come', async () => {
    const { child, exit, says } = runChild(`
      stay(); await use(part('database'));
      const told = new Promise((go) => process.once('SIGUSR2', go));
      await use({ close: () => { console.log('closing'); return told; } });`);
    await says('"msg":"started"');
    child.kill('SIGINT');
    await says('closing');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    child.kill('SIGUSR2');

    const { code, out } = await exit;

    expect({ code, closed: out.includes('closed database') }).toEqual({ code: 0, closed: true });
  });

  it('prints every wrong setting and nothing else, before anything opens', async () => {
    const { exit } = runChild(`console.log('opened');`, { STORAGE_PORT: 'x', KAFKA_BROKERS: 'nowhere' });

    expect(await exit).toEqual({
      code: 1,
      out: '',
      err: [
        'storage cannot start: 2 invalid settings',
        '  KAFKA_BROKERS must be host:port, or several of them with commas between',
        '  STORAGE_PORT must be a whole number from 0 to 65535',
        '',
      ].join('\n'),
    });
  });

  it('does not start where others could reach it without tokens', async () => {
    const { exit } = runChild(`console.log('opened');`, { HOST: '0.0.0.0' });

    expect(await exit).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^storage cannot start: 1 invalid setting\n {2}HOST must be a loopback address while AUTH is open.*\n$/,
      ),
    });
  });

  it('prints one line for a problem at start, closes what was open, and exits with 1', async () => {
    const { exit } = runChild(`await use(part('database')); throw new Problem('port-in-use', 'the port is in use');`);

    const { code, out, err } = await exit;

    expect({ code, err }).toEqual({ code: 1, err: 'storage cannot start: the port is in use\n' });
    expect(out).toContain('closed database');
  });

  it('prints the stack of an error at start that nobody foresaw', async () => {
    const { exit } = runChild(`throw new TypeError('x is not a function');`);

    const { code, err } = await exit;

    expect(code).toBe(1);
    expect(err).toMatch(/storage cannot start: TypeError: x is not a function\n\s+at /);
  });

  it.each([
    [
      'a part breaks',
      `await use({ ...part('consumer'), done: new Promise((_, no) => setTimeout(no, 5, new Error('broke'))) });`,
    ],
    ['an error is not caught', `await use(part('consumer')); setTimeout(() => { throw new Error('broke'); }, 5);`],
    [
      'a rejection is not handled',
      `await use(part('consumer')); setTimeout(() => Promise.reject(new Error('broke')), 5);`,
    ],
  ])('says why, closes and exits with 1 when %s', async (_, body) => {
    const { exit } = runChild(`stay(); ${body}`);

    const { code, out } = await exit;

    expect(code).toBe(1);
    expect(out).toMatch(/"level":"fatal".*"message":"broke".*"msg":"crashed"/);
    expect(out).toContain('closed consumer');
  });

  it('stops in the middle of starting, closing also what opens too late', async () => {
    const { child, exit, says } = runChild(`
      stay(); await use(part('database')); console.log('connecting');
      await use(new Promise((go) => process.once('SIGTERM', () => setTimeout(go, 20, part('late')))));
      console.log('went on');`);
    await says('connecting');

    child.kill('SIGTERM');

    const { code, out } = await exit;
    expect(code).toBe(0);
    expect(out).toContain('closed database');
    expect(out).not.toContain('went on');
  });

  it('is ready only between start and stop', async () => {
    const { child, exit, says } = runChild(`
      stay();
      const tell = async () => console.log((await health.report()).checks[0].detail);
      await tell();
      setTimeout(tell, 300);
      await use({ close: () => new Promise((go) => setTimeout(go, 300)).then(tell) });`);
    await says('running');

    child.kill('SIGTERM');

    expect((await exit).out.match(/^(starting|running|stopping)$/gm)).toEqual(['starting', 'running', 'stopping']);
  });

  it('exits within 10 s when a part does not close', async () => {
    const { child, exit, says } = runChild(`stay(); await use({ close: () => new Promise(() => {}) });`);
    await says('"msg":"started"');
    const from = performance.now();

    child.kill('SIGTERM');

    const { code, out } = await exit;
    expect(code).toBe(1);
    expect(performance.now() - from).toBeLessThan(10_000);
    expect(out).toContain('not closed within');
  });
});
