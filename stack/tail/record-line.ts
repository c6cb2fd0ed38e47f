import type { Stream } from '@millrace/core/schema/stream';
import { compileToJson } from '@millrace/core/schema/to-json';
import type { Batch } from '@millrace/core/stream/consume';
import type { DecodeBatch } from '@millrace/core/stream/create-decoder';

const text = (bytes: Buffer | null): string | null => bytes?.toString('utf8') ?? null;

/**
 * A batch's records, a JSON text each: partition, offset, append time, key and decoded value. One that cannot be decoded
 * has `fault` and its bytes in base64 instead; records with reasons in their headers, the dead letters, have those too.
 */
export function recordLines(stream: Stream, decode: DecodeBatch) {
  const toJson = compileToJson(stream.fields);
  return async ({ topic, partition, records }: Batch): Promise<string[]> => {
    const decoded = await decode(records.map(({ value }) => value));
    return records.map(({ offset, appendTime, key, value, headers }, index) => {
      const outcome = decoded[index] ?? { fault: 'not decoded' };
      const place = {
        partition,
        offset: Number(offset),
        appended_at: new Date(appendTime).toISOString(),
        key: text(key),
      };
      const content =
        'value' in outcome
          ? { value: toJson(outcome.value) }
          : { value: null, ...(value && { fault: outcome.fault, bytes: value.toString('base64') }) };
      const words = Object.entries(headers).map(([name, header]) => [name, String(header)]);
      const reasons = topic === stream.deadLetterTopic ? { headers: Object.fromEntries(words) } : {};
      return JSON.stringify({ ...place, ...content, ...reasons });
    });
  };
}
