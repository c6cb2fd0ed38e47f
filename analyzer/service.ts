import type { ServiceDeclaration } from '@millrace/core/service/service-declaration';
import { analyzerMetrics } from './metrics.ts';
import { analyzerEndpoints, analyzerSchemas } from './openapi/analyzer-endpoints.ts';
import { analyzerSettings } from './settings.ts';

export const service = {
  name: 'analyzer',
  settings: analyzerSettings,
  metrics: analyzerMetrics,
  endpoints: analyzerEndpoints,
  schemas: analyzerSchemas,
} satisfies ServiceDeclaration;
