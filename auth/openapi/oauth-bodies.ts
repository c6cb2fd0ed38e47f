import { type Operation, type Response, schemaRef } from '@millrace/core/openapi/document';
import { retryAfter } from '@millrace/core/openapi/problem-responses';
import type { JsonSchema } from '@millrace/core/schema/json-schema';
import { type OauthErrorCode, oauthErrors } from '../oauth/oauth-error.ts';

/** A body that is a form or JSON, with the same parameters. Others are ignored. */
export function formOrJson(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  example: Readonly<Record<string, string>>,
): NonNullable<Operation['requestBody']> {
  const media = { schema: { type: 'object', properties, required }, examples: { example: { value: example } } };
  return { required: true, content: { 'application/x-www-form-urlencoded': media, 'application/json': media } };
}

const MEANINGS: Readonly<Record<OauthErrorCode, string>> = {
  invalid_request: 'A parameter is missing, repeated or of the wrong kind; every fault is named',
  invalid_client: 'The client is unknown, its secret is wrong, or one is needed',
  invalid_grant: 'The password is wrong, or the refresh token does not work for this client',
  unsupported_grant_type: 'There is no such grant type here',
  invalid_scope: 'A scope is unknown, or not held',
  unsupported_token_type: 'An access token can not be revoked',
  invalid_token: 'The access token is not valid here, or has ended',
  insufficient_scope: 'The scope `admin` is needed',
  slow_down: 'Too many wrong secrets for this name or from this address',
};

/** The refusals of a route by status, as OAuth clients read them. */
export function refusals(...codes: readonly OauthErrorCode[]): Readonly<Record<string, Response>> {
  const statuses = [...new Set(codes.map((code) => oauthErrors[code]))];
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      responseOf(
        status,
        codes.filter((code) => oauthErrors[code] === status),
      ),
    ]),
  );
}

const challenge = {
  'www-authenticate': { description: 'How to authenticate.', schema: { type: 'string' } },
};

const responseOf = (status: number, codes: readonly OauthErrorCode[]): Response => ({
  description: codes.map((code) => `${MEANINGS[code]} (\`${code}\`).`).join(' '),
  headers: { ...(status === 401 ? challenge : {}), ...(status === 429 ? retryAfter : {}) },
  content: {
    'application/json': {
      schema: schemaRef('OauthError'),
      examples: Object.fromEntries(
        codes.map((code) => [
          code,
          { value: { error: code, error_description: `${MEANINGS[code].replaceAll('`', '')}.` } },
        ]),
      ),
    },
  },
});
