// Imports nothing but Node: it is read before npm install, too.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? '.', '..');
const foldersWith = (file) =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, file)))
    .map(({ name }) => name);

/** The folders that are npm packages. */
export const packages = foldersWith('package.json');

/** Those of them that are services: what a service declares of itself is in its `service.ts`. */
export const services = foldersWith('service.ts');
