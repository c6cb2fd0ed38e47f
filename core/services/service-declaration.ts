import type { z } from 'zod';
import type { MetricList } from '../metrics/metric.ts';
import type { Endpoint, Schemas } from '../openapi/document.ts';
import type { Stream } from '../schema/stream.ts';
import type { ServiceName } from './services.ts';

/** What a service says of itself in its `service.ts`: the frame runs by it, and the generated files are made from it. */
export type ServiceDeclaration<Shape extends z.core.$ZodShape = z.core.$ZodShape> = {
  readonly name: ServiceName;
  /** Its own settings, besides those that all services share. */
  readonly settings: z.ZodObject<Shape>;
  /** Its own metrics, besides those that all services have. */
  readonly metrics: MetricList;
  /** Its own routes, besides those that all services have. */
  readonly endpoints: (streams: readonly Stream[]) => Endpoint[];
  /** What the routes under a tag have in common, for the tags that are no domain of streams. */
  readonly tags: Readonly<Record<string, string>>;
  /** The schemas that the routes name. */
  readonly schemas: (streams: readonly Stream[]) => Schemas;
};
