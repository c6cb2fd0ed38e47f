import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the schemas that ship with Millrace; `SCHEMAS_DIR` overrides it. */
export const schemasDir = dirname(fileURLToPath(import.meta.resolve('@millrace/schemas/package.json')));
