// Ends a harness's processes and removes its folder when the harness itself is gone, however it ended: then its end of
// our standard input closes. A line is a process id; "done" says that there is nothing left to do.
import { rmSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

const [dir] = process.argv.slice(2);
const pids = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'done') process.exit(0);
  pids.add(Number(line));
}
for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
