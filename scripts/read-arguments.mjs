import process from 'node:process';
import { parseArgs } from 'node:util';

/**
 * The arguments of a script. `--help` prints how it is used and ends it with 0; an option or an argument that it does not
 * know is named in a line, and ends it with 2.
 */
export function readArguments({ usage, options = {}, most = 0 }) {
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    if (positionals.length > most) throw new Error(`Unexpected argument '${positionals[most]}'`);
    return { values, positionals };
  } catch (error) {
    process.stderr.write(`${error.message.split('. ')[0]}. ${usage}\n`);
    return process.exit(2);
  }
}
