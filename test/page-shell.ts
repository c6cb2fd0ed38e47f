import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

/** Runs a command, and answers what it printed. Rejects when a part of it fails. */
export type RunCommand = (command: string) => Promise<string>;

const shell = promisify(exec);
const environment = z.record(z.string(), z.string());

/** Between what a command prints and the variables that it leaves. */
const SEPARATOR = '\x1e';
const LEAVE = `printf '\\036'; exec node -p 'JSON.stringify(process.env)'`;

/** A shell for the commands of one page: a variable that one of them sets is there for those after it, as for a person who types them. */
export function createPageShell({ cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): RunCommand {
  let variables = env;
  return async (command) => {
    const { stdout } = await shell(`set -ae\n${command}\n${LEAVE}`, { cwd, env: variables });
    const [answer = '', left = '{}'] = stdout.split(SEPARATOR);
    variables = environment.parse(JSON.parse(left));
    return answer;
  };
}
