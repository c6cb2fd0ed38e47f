import { z } from 'zod';

const DAY_MS = 86_400_000;
const RETENTION_UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };
const keptFor = z
  .string()
  .regex(/^([1-9]\d{0,4}[hdw]|forever)$/, 'must be like "30d", "12h", "8w" or "forever"')
  .default('forever');
export const STREAM_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const route = z.string().regex(/^(\/[a-z0-9]+([-_.][a-z0-9]+)*)+$/, 'must look like "/stats/running"');

/** What a schema file may say in its `stream`, with what holds where it says nothing. */
export const streamBlock = z.strictObject({
  name: z.string().regex(STREAM_NAME, 'must be lower-case words joined by "-"').optional(),
  path: route.optional(),
  path_aliases: z.array(route).default([]),
  post: z.boolean().default(true),
  key: z.string().default('event_id'),
  time: z.string().default('ingested_at'),
  store: z.enum(['append', 'upsert']).default('append'),
  measures: z.array(z.string()).default([]),
  dimensions: z.array(z.string()).optional(),
  version: z.string().optional(),
  count_as: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'must be a snake_case name')
    .optional(),
  partitions: z.int().min(1).max(1000).default(3),
  retention: keptFor,
  row_retention: keptFor,
  access: z.enum(['open', 'token']).default('open'),
  owner: z.string().optional(),
});

export type StreamBlock = z.infer<typeof streamBlock>;

/** Milliseconds; undefined for ever. */
export function retentionMs(retention: string): number | undefined {
  if (retention === 'forever') return undefined;
  return Number.parseInt(retention, 10) * (RETENTION_UNITS[retention.slice(-1)] ?? 0);
}
