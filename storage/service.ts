import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { storageMetrics } from './metrics.ts';
import { storageEndpoints, storageSchemas } from './openapi/storage-endpoints.ts';
import { storageSettings } from './settings.ts';

export const service = {
  name: 'storage',
  settings: storageSettings,
  metrics: storageMetrics,
  endpoints: storageEndpoints,
  tags: { 'dead letters': 'Records that could not be stored: to browse, and to send back.' },
  schemas: storageSchemas,
} satisfies ServiceDeclaration;
