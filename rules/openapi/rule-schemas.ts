import type { Schemas } from '@millrace/core/openapi/document';

export const ruleSchemas: Schemas = {};
