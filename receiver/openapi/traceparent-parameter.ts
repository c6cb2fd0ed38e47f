import type { Parameter } from '@millrace/core/openapi/document';

export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

export const traceparentParameter: Parameter = {
  name: 'traceparent',
  in: 'header',
  description: 'A trace to continue (W3C Trace Context); a new one is begun without it.',
  schema: { type: 'string' },
  example: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
};
