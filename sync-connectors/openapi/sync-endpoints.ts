import type { Endpoint } from '@millrace/core/openapi/document';
import { connectorEndpoints } from './connector-endpoints.ts';
import { runEndpoints } from './run-endpoints.ts';
import { startEndpoints } from './start-endpoints.ts';

export const syncEndpoints = (): Endpoint[] => [...startEndpoints, ...runEndpoints, ...connectorEndpoints];
