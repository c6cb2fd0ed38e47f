import { readFile } from 'node:fs/promises';

/** The kernel counts in hundredths of a second on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** The processor time that a process has used so far; undefined where the system has no /proc, as on macOS and Windows. */
export async function processorSeconds(pid: number | undefined): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the name in brackets, in which there may be spaces.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
