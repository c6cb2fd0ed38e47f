/** A dead letter as it is stored. */
export type StoredDeadLetter = {
  readonly id: string;
  readonly stream: string;
  readonly topic: string;
  readonly topic_partition: number;
  readonly record_offset: number | string;
  readonly stage: string;
  readonly code: string;
  readonly reason: string;
  readonly attempts: number;
  readonly event_id: string | null;
  readonly record_key: Buffer | null;
  readonly record_value: Buffer | null;
  readonly headers: string;
  readonly appended_at: string;
  readonly set_aside_at: string;
  readonly redriven_at: string | null;
};

/** What the list answers; a single one adds the value. Bytes come in base64, for nothing says that they are text. */
export function deadLetterJson(row: Omit<StoredDeadLetter, 'record_value'> & { record_value?: Buffer | null }) {
  return {
    id: row.id,
    stream: row.stream,
    topic: row.topic,
    partition: row.topic_partition,
    offset: Number(row.record_offset),
    stage: row.stage,
    code: row.code,
    reason: row.reason,
    attempts: row.attempts,
    event_id: row.event_id,
    key: row.record_key?.toString('base64') ?? null,
    ...(row.record_value !== undefined && { value: row.record_value?.toString('base64') ?? null }),
    headers: parseHeaders(row.headers),
    appended_at: instant(row.appended_at),
    set_aside_at: instant(row.set_aside_at),
    redriven_at: row.redriven_at === null ? null : instant(row.redriven_at),
  };
}

/** Each header's values in base64, or null for one without a value. */
export function parseHeaders(text: string): Record<string, (string | null)[]> {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).map(([name, values]) => [
      name,
      Array.isArray(values) ? values.map((value) => (value === null ? null : String(value))) : [],
    ]),
  );
}

const instant = (stored: string) => `${stored.slice(0, 10)}T${stored.slice(11)}Z`;
