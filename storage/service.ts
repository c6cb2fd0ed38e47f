import type { ServiceDeclaration } from '@millrace/core/service/service-declaration';
import { storageEndpoints, storageSchemas } from './openapi/storage-endpoints.ts';
import { storageSettings } from './settings.ts';

export const service = {
  name: 'storage',
  settings: storageSettings,
  endpoints: storageEndpoints,
  schemas: storageSchemas,
} satisfies ServiceDeclaration;
