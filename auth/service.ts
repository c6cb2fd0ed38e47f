import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { authMetrics } from './metrics.ts';
import { authEndpoints } from './openapi/auth-endpoints.ts';
import { oauthSchemas } from './openapi/oauth-schemas.ts';
import { authSettings } from './settings.ts';

export const service = {
  name: 'auth',
  settings: authSettings,
  metrics: authMetrics,
  endpoints: authEndpoints,
  tags: { tokens: 'Issuing tokens, ending them, and the keys that they are checked by.' },
  schemas: () => oauthSchemas,
} satisfies ServiceDeclaration;
