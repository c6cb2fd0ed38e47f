import type { Stream } from '../schema/stream.ts';
import { analyzerEndpoints, analyzerSchemas } from './analyzer-endpoints.ts';
import { type Endpoint, type OpenapiDocument, type Operation, openapiDocument, type Schemas } from './document.ts';
import { receiverEndpoints } from './receiver-endpoints.ts';
import { receiverSchemas } from './receiver-schemas.ts';
import { serviceEndpoints } from './service-endpoints.ts';
import { storageEndpoints, storageSchemas } from './storage-endpoints.ts';

type ServicePart = {
  readonly defaultPort: number;
  readonly description: string;
  readonly endpoints: (streams: readonly Stream[]) => Endpoint[];
  readonly schemas: (streams: readonly Stream[]) => Schemas;
};

export type DocumentedService = 'receiver' | 'storage' | 'analyzer';

const parts: Readonly<Record<DocumentedService, ServicePart>> = {
  receiver: {
    defaultPort: 8081,
    description: 'Takes records over HTTP and answers once Kafka has them.',
    endpoints: receiverEndpoints,
    schemas: receiverSchemas,
  },
  storage: {
    defaultPort: 8082,
    description: 'Reads streams by time and by key, from MySQL.',
    endpoints: storageEndpoints,
    schemas: storageSchemas,
  },
  analyzer: {
    defaultPort: 8083,
    description: 'Answers “the n-th event” and “how much” from the topics’ own history.',
    endpoints: analyzerEndpoints,
    schemas: analyzerSchemas,
  },
};

/** The OpenAPI 3.1 document of one service over these streams: what its `/openapi.json` answers. */
export function openapiOf(service: DocumentedService, streams: readonly Stream[]): OpenapiDocument {
  const { description, endpoints, schemas } = parts[service];
  return openapiDocument({
    title: `Millrace ${service}`,
    description,
    endpoints: [...endpoints(streams), ...serviceEndpoints([service])],
    schemas: schemas(streams),
  });
}

/** One document for the whole platform: every service's routes, each with the addresses that answer it by default. */
export function platformOpenapi(streams: readonly Stream[]): OpenapiDocument {
  const services = Object.entries(parts);
  const serverOf = ([service, { defaultPort }]: (typeof services)[number]) => ({
    url: `http://127.0.0.1:${defaultPort}`,
    description: service,
  });
  const own = services.flatMap((part) => part[1].endpoints(streams).map(servedBy([serverOf(part)])));
  const shared = serviceEndpoints(['receiver', 'storage', 'analyzer']).map(servedBy(services.map(serverOf)));
  return openapiDocument({
    title: 'Millrace',
    description: 'An event platform on Kafka: one Avro schema file is one stream.',
    endpoints: [...own, ...shared],
    schemas: Object.assign({}, ...services.map(([, { schemas }]) => schemas(streams))),
  });
}

const servedBy =
  (servers: NonNullable<Operation['servers']>) =>
  (endpoint: Endpoint): Endpoint => ({ ...endpoint, operation: { ...endpoint.operation, servers } });
