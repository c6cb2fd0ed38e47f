import { routesOf } from '../schema/routes-of.ts';
import type { Stream } from '../schema/stream.ts';
import type { Endpoint } from './document.ts';

/**
 * An operation on the stream's path, and the same on each alias. Ids are unique in a document, so those on aliases are numbered.
 * @param stream whose routes; the endpoint's own path is what follows them, such as `/{event_id}`, or nothing
 */
export const onEachRoute = (stream: Stream, { path: below, operation, ...rest }: Endpoint): Endpoint[] =>
  routesOf(stream).map((route, index) => ({
    ...rest,
    path: `${route}${below}`,
    operation: index === 0 ? operation : onAlias(operation, index, `${stream.path}${below}`),
  }));

const onAlias = (operation: Endpoint['operation'], index: number, path: string): Endpoint['operation'] => ({
  ...operation,
  operationId: `${operation.operationId}Alias${index}`,
  description: [`The same as \`${path}\`.`, operation.description].filter(Boolean).join(' '),
});
