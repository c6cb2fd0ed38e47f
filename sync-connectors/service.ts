import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { syncMetrics } from './metrics.ts';
import { syncEndpoints } from './openapi/sync-endpoints.ts';
import { syncSchemas } from './openapi/sync-schemas.ts';
import { syncSettings } from './settings.ts';

export const service = {
  name: 'sync-connectors',
  settings: syncSettings,
  metrics: syncMetrics,
  endpoints: syncEndpoints,
  tags: { sync: 'Reading vendors: runs, connectors, cursors.' },
  schemas: () => syncSchemas,
} satisfies ServiceDeclaration;
