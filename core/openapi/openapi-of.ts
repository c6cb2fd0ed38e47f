import type { Stream } from '../schema/stream.ts';
import type { ServiceDeclaration } from '../services/service-declaration.ts';
import { services } from '../services/services.ts';
import { type Endpoint, type OpenapiDocument, type Operation, openapiDocument } from './document.ts';
import type { AuthSettings } from './security.ts';
import { serviceEndpoints } from './service-endpoints.ts';

type Documented = Pick<ServiceDeclaration, 'name' | 'endpoints' | 'schemas' | 'tags'>;

const commonTags = {
  service: 'What every service says of itself.',
  streams: 'Streams whose schema files are in no folder.',
};

const rowOf = (service: Documented) => services.find(({ name }) => name === service.name);

/** The OpenAPI 3.1 document of one service over these streams: what its `/openapi.json` answers. */
export function openapiOf(service: Documented, streams: readonly Stream[], auth: AuthSettings): OpenapiDocument {
  return openapiDocument({
    title: `Millrace ${service.name}`,
    description: rowOf(service)?.doc ?? '',
    servers: [{ url: '/', description: 'The service that answered with this document.' }],
    tags: { ...commonTags, ...service.tags },
    endpoints: [...ownEndpoints(service, streams), ...serviceEndpoints([service.name])],
    schemas: service.schemas(streams),
    auth,
  });
}

/** One document for the whole platform: every service's routes, each with the addresses that answer it by default. */
export function platformOpenapi(
  declarations: readonly Documented[],
  streams: readonly Stream[],
  auth: AuthSettings,
): OpenapiDocument {
  /** The analyzer comes last: an alias such as `/rules` is its route too, and is documented as that. */
  const inOrder = declarations.toSorted((a, b) => Number(a.name === 'analyzer') - Number(b.name === 'analyzer'));
  const own = inOrder.flatMap((service) => ownEndpoints(service, streams).map(servedBy([serverOf(service)])));
  const shared = serviceEndpoints(declarations.map(({ name }) => name)).map(servedBy(declarations.map(serverOf)));
  return openapiDocument({
    title: 'Millrace',
    description: 'An event platform on Kafka: one Avro schema file is one stream.',
    servers: declarations.map(serverOf),
    tags: Object.assign({}, commonTags, ...declarations.map(({ tags }) => tags)),
    endpoints: [...own, ...shared],
    schemas: Object.assign({}, ...declarations.map(({ schemas }) => schemas(streams))),
    auth,
  });
}

/** Until a service has started, its own routes answer `not-ready`. */
const ownEndpoints = (service: Documented, streams: readonly Stream[]): Endpoint[] =>
  service.endpoints(streams).map(({ operation, ...endpoint }) => ({
    ...endpoint,
    operation: { ...operation, problems: [...new Set([...operation.problems, 'not-ready' as const])] },
  }));

const serverOf = (service: Documented) => ({
  url: `http://127.0.0.1:${rowOf(service)?.port}`,
  description: service.name,
});

const servedBy =
  (servers: NonNullable<Operation['servers']>) =>
  (endpoint: Endpoint): Endpoint => ({ ...endpoint, operation: { ...endpoint.operation, servers } });
