import { httpAnswers } from '../parts/http-answers.ts';
import { kafkaAnswers } from '../parts/kafka-answers.ts';
import { mysqlAnswers } from '../parts/mysql-answers.ts';
import { isRunning } from '../supervisor/process-identity.ts';
import { type PartState, readState } from '../supervisor/stack-state.ts';
import { showTable } from './show-table.ts';
import type { StackCli } from './stack-cli.ts';

/** Asked now, by the part itself: what the supervisor saw last may be old. */
function answers({ name, port, url }: PartState): Promise<boolean> {
  if (name === 'kafka') return kafkaAnswers(port);
  if (name === 'mariadb') return mysqlAnswers(port);
  return httpAnswers(name === 'registry' ? `${url}/apis/ccompat/v7/subjects` : `${url}/readyz`);
}

/** e.g. `42 s`, `5 min`, `3 h 20 min`, `2 d 4 h` */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1_000)} s`;
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

async function rowOf(part: PartState): Promise<string[]> {
  const alive = part.process !== undefined && (await isRunning(part.process));
  const state = !alive && part.state === 'ready' ? 'dead' : part.state;
  const ready = alive && (await answers(part));
  const uptime = alive ? duration(Date.now() - part.since) : '-';
  const pid = alive ? String(part.process?.pid) : '-';
  return [
    part.name,
    state,
    pid,
    String(part.port),
    uptime,
    String(part.restarts),
    ready ? 'yes' : 'no',
    part.trouble ?? '',
  ];
}

/** Prints every part, with whether it answers right now. */
export async function status({ settings, out }: StackCli): Promise<void> {
  const state = await readState(settings.dataDir);
  if (!state) {
    out.write('Nothing was started yet: make up.\n');
    return;
  }
  const supervised = await isRunning(state.supervisor);
  const rows = await Promise.all(state.parts.map(rowOf));
  const heads = ['part', 'state', 'pid', 'port', 'uptime', 'restarts', 'ready', 'last trouble'];
  out.write(`${showTable(heads, rows)}\n`);
  const { pid } = state.supervisor;
  const orphans = rows.some((row) => row[2] !== '-');
  if (supervised) out.write(`\nThe supervisor is pid ${pid} (${state.phase}).\n`);
  else
    out.write(
      orphans
        ? '\nThe supervisor is gone: nothing is restarted. make up or make down puts it right.\n'
        : '\nStopped.\n',
    );
}
