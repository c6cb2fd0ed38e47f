import { portTrouble } from '../parts/free-port.ts';
import { StackError } from '../stack-error.ts';
import { portHolder } from './port-holder.ts';

type Wanted = { readonly name: string; readonly port: number; readonly portVariable: string };

async function faultOf({ name, port, portVariable }: Wanted): Promise<string | undefined> {
  if (port === 0) return `${portVariable} is 0; here ${name} needs a fixed port, which others can connect to`;
  const trouble = await portTrouble(port);
  if (!trouble) return undefined;
  if (trouble !== 'EADDRINUSE')
    return `${name} cannot listen on port ${port} (${trouble}); move it with ${portVariable}=…`;
  const holder = await portHolder(port);
  return `port ${port}, wanted by ${name}, is taken${holder ? ` by ${holder}` : ''}; move ours with ${portVariable}=…`;
}

/** Throws one line for each port that somebody else has, or that two parts want. */
export async function checkPorts(parts: readonly Wanted[]): Promise<void> {
  const faults = await Promise.all(
    parts.map(async (part, index) => {
      const twin = parts.slice(0, index).find(({ port }) => port !== 0 && port === part.port);
      if (twin)
        return `port ${part.port} is set for both ${twin.name} and ${part.name}; move one with ${part.portVariable}=…`;
      return faultOf(part);
    }),
  );
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0)
    throw new StackError(found.map((fault) => `${fault.charAt(0).toUpperCase()}${fault.slice(1)}`).join('\n'));
}
