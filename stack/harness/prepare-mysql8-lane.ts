import { prepareMysql8 } from '../artifacts/prepare-mysql8.ts';
import { readStackSettings } from '../settings/stack-settings.ts';
import { StackError } from '../stack-error.ts';

/** Exit code: the lane can't run on this machine, for the reason printed. */
const CANNOT_RUN = 3;

const { cacheDir, repository } = readStackSettings(process.env);
try {
  await prepareMysql8({ cacheDir, repository, out: process.stderr });
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  process.stdout.write(`Skipped: ${error.message}.\n`);
  process.exitCode = CANNOT_RUN;
}
