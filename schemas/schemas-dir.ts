import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The folder of the schemas that ship with Millrace; `SCHEMAS_DIR` overrides it. */
export const schemasDir = dirname(createRequire(import.meta.url).resolve('@millrace/schemas/package.json'));
