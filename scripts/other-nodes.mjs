// The newer Nodes that the platform promises to run on, each fetched once as npm's package of its program.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

export const otherNodes = ['22.23.3', '24.21.0'];

const cache = process.env.MILLRACE_CACHE || join(homedir(), '.cache', 'millrace');

/**
 * An environment in which `node` is that version, for the processes that are started in it, or why there is none: the package `node`
 * itself would run a script to find its program, and this is what that script installs.
 */
export function withNode(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const dir = join(cache, 'node', version);
  const bin = join(dir, 'node_modules', name, 'bin');
  if (!existsSync(join(bin, 'node'))) {
    mkdirSync(dir, { recursive: true });
    const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = spawnSync('npm', ['install', '--prefix', dir, ...flags, `${name}@${version}`], { encoding: 'utf8' });
    if (npm.status !== 0) return { skipped: `${name}@${version} cannot be installed: ${npm.stderr || npm.error}` };
  }
  return { env: { PATH: `${bin}${delimiter}${process.env.PATH}` } };
}

/** Unit tests of what differs between Nodes: native packages, workers, compression, streams, sockets, child processes. */
export const portableTests = [
  'core/stream',
  'core/record',
  'core/log',
  'core/retry',
  'core/http',
  'core/service',
  'receiver',
  'analyzer/read',
  'analyzer/store',
  'stack/parts',
  'stack/supervisor',
];
