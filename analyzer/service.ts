import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { analyzerMetrics } from './metrics.ts';
import { analyzerEndpoints, analyzerSchemas } from './openapi/analyzer-endpoints.ts';
import { analyzerSettings } from './settings.ts';

export const service = {
  name: 'analyzer',
  settings: analyzerSettings,
  metrics: analyzerMetrics,
  endpoints: analyzerEndpoints,
  tags: { statistics: 'How much, by whom, per day.', export: 'The history of a stream as a file.' },
  schemas: analyzerSchemas,
} satisfies ServiceDeclaration;
