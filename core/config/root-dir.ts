import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Millrace's own folder, the nearest one above this file with a lock file; else where the process was started. */
export const rootDir = ((): string => {
  for (let dir = import.meta.dirname; dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'package-lock.json'))) return dir;
  }
  return process.cwd();
})();
