import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import type { Installed } from './install-schemathesis.ts';

export type Verdict = { readonly ok: boolean; readonly output: string };

const HERE = import.meta.dirname;
const ENDED_WITHIN_MS = 280_000;

/** Tries a live service against its own `/openapi.json`; `output` is what schemathesis said. */
export const runSchemathesis = ({ python, packages }: Installed, url: string): Promise<Verdict> =>
  new Promise((resolve) => {
    const config = ['--config-file', join(HERE, 'schemathesis.toml'), '--no-color'];
    const args = [
      '-m',
      'schemathesis.cli',
      ...config,
      'run',
      `${url}/openapi.json`,
      '--phases',
      'examples,coverage,fuzzing',
    ];
    const env = {
      ...process.env,
      PYTHONPATH: [packages, HERE].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: 'hooks',
    };
    const options = { env, cwd: packages, timeout: ENDED_WITHIN_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile(python, args, options, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: `${stdout}${stderr}` }),
    );
  });
