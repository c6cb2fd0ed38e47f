import { z } from 'zod';
import type { EarlierSchema } from '../evolution/incompatibility.ts';
import { Problem } from '../problem/problem.ts';

const versionNumbers = z.array(z.int()).default([]);
const registeredVersion = z.object({ version: z.int(), schema: z.string() });

const NO_SUCH_SUBJECT = 404;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Every version of a subject, oldest first; none when the registry does not have it.
 * Throws `registry-unavailable` when it does not answer as a registry does.
 * @param url the Confluent API of a registry
 */
export async function registeredVersions(url: string, subject: string): Promise<EarlierSchema[]> {
  const versionsUrl = `${url}/subjects/${encodeURIComponent(subject)}/versions`;
  try {
    const numbers = await ask(versionsUrl, versionNumbers);
    return await Promise.all(
      numbers.map(async (number) => {
        const { version, schema } = await ask(`${versionsUrl}/${number}`, registeredVersion);
        const parsed: unknown = JSON.parse(schema);
        return { name: `version ${version} of ${subject}`, schema: parsed };
      }),
    );
  } catch (cause) {
    throw new Problem('registry-unavailable', `the schema registry at ${url} did not answer`, { cause });
  }
}

async function ask<Answer>(url: string, schema: z.ZodType<Answer>): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  if (response.status !== NO_SUCH_SUBJECT && !response.ok) throw new Error(`${url} answered ${response.status}`);
  return schema.parse(response.ok ? await response.json() : undefined);
}
