import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { authMetrics } from './metrics.ts';
import { authSettings } from './settings.ts';

export const service = {
  name: 'auth',
  settings: authSettings,
  metrics: authMetrics,
  endpoints: () => [],
  tags: { tokens: 'Issuing tokens, ending them, and the keys that they are checked by.' },
  schemas: () => ({}),
} satisfies ServiceDeclaration;
