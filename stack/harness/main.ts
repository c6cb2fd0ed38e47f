import { environmentOf } from '../settings/addresses.ts';
import { startStack } from './start-stack.ts';

// A private stack for working by hand: prints where it is as lines for a shell, and goes with a signal.
const stack = await startStack(process.env);
const exports = Object.entries({ STACK: 'external', ...environmentOf(stack) });
process.stdout.write(`${exports.map(([name, value]) => `export ${name}='${value}'`).join('\n')}\n`);

async function stop() {
  clearInterval(alive);
  await stack.close();
}
const alive = setInterval(() => {}, 60_000);
process.once('SIGTERM', stop).once('SIGINT', stop);
