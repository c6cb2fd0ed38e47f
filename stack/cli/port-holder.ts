import { readdir, readFile, readlink } from 'node:fs/promises';

/** The inodes of the sockets that listen on a TCP port, from the kernel's tables. */
async function listeningInodes(port: number): Promise<Set<string>> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/));
  const LISTEN = '0A';
  return new Set(
    rows.filter((row) => row[1]?.endsWith(`:${hexPort}`) && row[3] === LISTEN).map((row) => `socket:[${row[9]}]`),
  );
}

async function holds(pid: string, sockets: Set<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return targets.some((target) => sockets.has(target));
}

/** The process that listens on a port; undefined where that is unknown. */
export async function portHolderPid(port: number): Promise<number | undefined> {
  const sockets = await listeningInodes(port);
  if (sockets.size === 0) return undefined;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) if (await holds(pid, sockets)) return Number(pid);
  return undefined;
}

/** Words for the process that listens on a port, such as `java (pid 4711)`; undefined where that is unknown. */
export async function portHolder(port: number): Promise<string | undefined> {
  const pid = await portHolderPid(port);
  if (pid === undefined) return undefined;
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a process');
  return `${name.trim()} (pid ${pid})`;
}
