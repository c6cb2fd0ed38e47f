import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { deliveryMetrics } from './deliver/metrics.ts';
import { deliveryEndpoints } from './deliver/openapi/delivery-endpoints.ts';
import { deliverySchemas } from './deliver/openapi/delivery-schemas.ts';
import { rulesMetrics } from './metrics.ts';
import { gapEndpoints } from './openapi/gap-endpoints.ts';
import { ruleEndpoints } from './openapi/rule-endpoints.ts';
import { ruleSchemas } from './openapi/rule-schemas.ts';
import { rulesSettings } from './settings.ts';

export const service = {
  name: 'rules',
  settings: rulesSettings,
  metrics: { ...rulesMetrics, ...deliveryMetrics },
  endpoints: (streams) => [...ruleEndpoints(streams), ...gapEndpoints(streams), ...deliveryEndpoints],
  tags: {
    rules: 'Rules: making and changing them, and what they would do.',
    deliveries: 'Deliveries: sending the events of streams to HTTPS endpoints.',
  },
  schemas: (streams) => ({ ...ruleSchemas(streams), ...deliverySchemas }),
} satisfies ServiceDeclaration;
