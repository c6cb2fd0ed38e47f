import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { receiverEndpoints } from './openapi/receiver-endpoints.ts';
import { receiverSchemas } from './openapi/receiver-schemas.ts';
import { receiverSettings } from './settings.ts';

export const service = {
  name: 'receiver',
  settings: receiverSettings,
  metrics: {},
  endpoints: receiverEndpoints,
  tags: {},
  schemas: receiverSchemas,
} satisfies ServiceDeclaration;
