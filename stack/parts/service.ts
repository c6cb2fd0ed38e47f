import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rootDir } from '@millrace/core/config/root-dir';
import type { Environment } from '@millrace/core/config/with-addresses';
import { type ServiceName, services } from '@millrace/core/services/services';
import { z } from 'zod';
import { httpAnswers } from './http-answers.ts';
import type { Part } from './part.ts';

type Service = { readonly name: string; readonly port: number; readonly portVariable: string };

/** The platform's own processes, in the order they are started. */
export const servicesOf = (ports: Readonly<Record<ServiceName, number>>): readonly Service[] =>
  services.map(({ name, portVariable }) => ({ name, portVariable, port: ports[name] }));

const mainOf = (name: string): string => join(rootDir, name, 'dist', 'main.js');

export const isBuilt = ({ name }: Service): boolean => existsSync(mainOf(name));

/** Our own issuer of tokens is of no use where those of an outside one are taken. */
export const isNeeded = ({ name }: Pick<Service, 'name'>, { AUTH_ISSUER }: Environment): boolean =>
  name !== 'auth' || !AUTH_ISSUER?.trim();

const readiness = z.object({ checks: z.array(z.object({ ok: z.boolean(), name: z.string(), detail: z.string() })) });

async function failingChecks(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    const { checks } = readiness.parse(await response.json());
    return checks.flatMap(({ ok, name, detail }) => (ok ? [] : [`${name} ${detail}`])).join('; ') || undefined;
  } catch {
    return undefined;
  }
}

/** @param env what it reads its configuration from, besides what we inherited */
export const servicePart = (
  { name, port, portVariable }: Service,
  env: Readonly<Record<string, string | undefined>>,
): Part => ({
  name,
  port,
  portVariable,
  stopWithinMs: 10_000,
  ready: () => httpAnswers(`http://127.0.0.1:${port}/readyz`),
  explain: () => failingChecks(`http://127.0.0.1:${port}/readyz`),
  command: async () => ({
    file: process.execPath,
    args: ['--enable-source-maps', mainOf(name)],
    env: { ...env, [portVariable]: String(port) },
    cwd: rootDir,
  }),
});
