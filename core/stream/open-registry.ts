import confluent from '@kafkajs/confluent-schema-registry';
import { incompatibility } from '../evolution/incompatibility.ts';
import { messageOf } from '../problem/message-of.ts';
import { Problem } from '../problem/problem.ts';
import { retry } from '../retry/retry.ts';
import { type AvscType, avscType } from '../schema/avsc-type.ts';
import type { AvroRecordJson, Stream } from '../schema/stream.ts';
import { registeredVersions } from './registered-versions.ts';

const { COMPATIBILITY, SchemaRegistry, SchemaType } = confluent;
const AVRO: typeof SchemaType.AVRO = SchemaType.AVRO;

const CONFLICT = 409;
const SERVER_ERROR = 500;
/** Unauthorized, forbidden, timeout, too many requests. */
const MAY_PASS = new Set([401, 403, 408, 429]);
const ANSWER_WITHIN_MS = 5_000;
const WHILE_ANOTHER_REGISTERS = { while: isConflict, firstDelayMs: 150, maxDelayMs: 200, attempts: 8 };

export type Registry = {
  /**
   * Registers the stream's schema under its subject and answers the schema id. Throws `incompatible-schema`, with both
   * sides of each change, when records written under any earlier version could not be read.
   */
  register(stream: Stream): Promise<number>;
  /**
   * The schema that a record was written under; undefined when the registry knows no Avro schema of the id. Throws a
   * retriable `registry-unavailable` when it can't be asked.
   */
  writerType(schemaId: number): Promise<AvscType | undefined>;
};

/** @param url the Confluent API of a registry, e.g. `http://127.0.0.1:8181/apis/ccompat/v7` */
export function openRegistry(url: string): Registry {
  const client = new SchemaRegistry({
    host: url,
    retry: { maxRetryTimeInSecs: 2, initialRetryTimeInSecs: 0.1, retries: 5 },
  });

  return {
    async register(stream) {
      const reason = incompatibility(await registeredVersions(url, stream.subject), stream.avro);
      if (reason !== undefined) throw incompatible(stream, reason);
      return registerPatiently(stream);
    },

    async writerType(schemaId) {
      try {
        const schema = await client.getSchema(schemaId);
        return avscType(JSON.parse(JSON.stringify(schema)) as AvroRecordJson);
      } catch (error) {
        if (statusOf(error) === 404 || (await isAnswered(schemaId))) return undefined;
        throw unavailable(url, error);
      }
    },
  };

  /** Whether the registry has an answer for the id, also a schema of another type: then a retry changes nothing. */
  async function isAnswered(schemaId: number): Promise<boolean> {
    const response = await fetch(`${url}/schemas/ids/${schemaId}`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => undefined);
    return response !== undefined && response.status < SERVER_ERROR && !MAY_PASS.has(response.status);
  }

  /**
   * Another service may be registering the same new schema: until it has set the subject's compatibility, a second one meets
   * a conflict or a subject without any. A moment later it does not.
   */
  async function registerPatiently(stream: Stream): Promise<number> {
    const schema = { type: AVRO, schema: JSON.stringify(stream.avro) };
    const compatibility = COMPATIBILITY.BACKWARD;
    try {
      const { id } = await retry(WHILE_ANOTHER_REGISTERS, () =>
        client.register(schema, { subject: stream.subject, compatibility }),
      );
      return id;
    } catch (error) {
      throw isConflict(error) ? incompatible(stream, messageOf(error), error) : unavailable(url, error);
    }
  }
}

function isConflict(error: unknown): boolean {
  const isRefused = error instanceof Error && error.name === 'ConfluentSchemaRegistryCompatibilityError';
  return isRefused || statusOf(error) === CONFLICT;
}

function incompatible(stream: Stream, reason: string, cause?: unknown): Problem {
  const detail = `${stream.file}: records already written could not be read under this schema.\n${reason}`;
  return new Problem('incompatible-schema', detail, { cause });
}

function unavailable(url: string, cause: unknown): Problem {
  return new Problem('registry-unavailable', `the schema registry at ${url} did not answer`, { cause });
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}
