import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installDebianPackage } from '@millrace/stack/artifacts/install-debian-package';

const run = promisify(execFile);
/** Where Debian's package has it. */
const CHROMIUM = '/usr/bin/chromium';

/** The path of Chromium, which is installed first where it is not there; or the reason why this machine has none. */
export async function findChromium(): Promise<{ readonly path: string } | { readonly reason: string }> {
  if (await runs()) return { path: CHROMIUM };
  const isTried = await installDebianPackage('chromium', 'which the test of the pages at /docs opens', process.stderr);
  if (await runs()) return { path: CHROMIUM };
  return { reason: `there is no ${CHROMIUM}${isTried ? '' : '; apt-get install chromium brings it'}` };
}

const runs = () =>
  run(CHROMIUM, ['--version']).then(
    () => true,
    () => false,
  );
