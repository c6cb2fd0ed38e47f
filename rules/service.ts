import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { rulesMetrics } from './metrics.ts';
import { gapEndpoints } from './openapi/gap-endpoints.ts';
import { ruleEndpoints } from './openapi/rule-endpoints.ts';
import { ruleSchemas } from './openapi/rule-schemas.ts';
import { rulesSettings } from './settings.ts';

export const service = {
  name: 'rules',
  settings: rulesSettings,
  metrics: rulesMetrics,
  endpoints: (streams) => [...ruleEndpoints(streams), ...gapEndpoints(streams)],
  tags: { rules: 'Rules: making and changing them, and what they would do.' },
  schemas: ruleSchemas,
} satisfies ServiceDeclaration;
