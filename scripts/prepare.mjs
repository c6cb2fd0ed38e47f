// Brings a clone to where `make` can go on: the right Node, the packages of the lock file, everything built.
// It runs before npm install, so it imports nothing that is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { packages } from './packages.mjs';

const root = join(import.meta.dirname ?? '.', '..');
const OLDEST_NODE = [20, 19];

function refuse(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** npm is a script on Windows, which only a shell can start. */
const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', ...options });

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    refuse(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node} (${process.execPath}).`);
  }
}

function packagesIn(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(packages).filter(([path]) => path.startsWith('node_modules/'));
}

/** Whether node_modules holds what the lock file says, and our own packages. Packages for other systems may be missing. */
function isInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = new Map(packagesIn(hidden));
  const linked = new Set([...installed.values()].filter(({ link }) => link).map(({ resolved }) => resolved));
  if (!packages.every((folder) => linked.has(folder))) return false;
  return packagesIn(join(root, 'package-lock.json')).every(([path, { version, link, optional, devOptional }]) => {
    const found = installed.get(path);
    return found
      ? Boolean(found.link) === Boolean(link) && found.version === version
      : Boolean(optional ?? devOptional);
  });
}

/**
 * Not `npm ci`: it refuses a lock file that lacks packages for systems other than the one it was written on, and some
 * registries do not carry those. `--no-save` installs what the lock file says and leaves it as it is.
 */
function install() {
  const npm = run('npm', ['--version'], { stdio: 'ignore' });
  if (npm.error || npm.status !== 0)
    refuse('npm was not found; it comes with Node, so reinstall Node or put npm on the PATH.');
  process.stdout.write('Installing npm packages\n');
  const { status } = run('npm', [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (status !== 0) refuse('npm could not install the packages; its own words are above.');
}

function build() {
  process.stdout.write('Building\n');
  const turbo = join('node_modules', '.bin', 'turbo');
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  const args = ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'];
  const { status, stdout, stderr } = run(turbo, args, { env, stdio: 'pipe', encoding: 'utf8' });
  if (status !== 0) refuse(`${stdout}${stderr}The build failed; its own words are above.`);
}

checkNode();
if (!isInstalled()) install();
if (!process.argv.includes('--no-build')) build();
