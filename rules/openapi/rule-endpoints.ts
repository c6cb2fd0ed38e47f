import type { Endpoint } from '@millrace/core/openapi/document';
import type { Stream } from '@millrace/core/schema/stream';

export const ruleEndpoints = (_streams: readonly Stream[]): Endpoint[] => [];
