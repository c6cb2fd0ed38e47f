/** The refusals of RFC 6749, 6750, 7009 and 8628, and the status that each is answered with. */
export const oauthErrors = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  unsupported_token_type: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  slow_down: 429,
} as const;

export type OauthErrorCode = keyof typeof oauthErrors;

const CHALLENGES: Partial<Record<OauthErrorCode, string>> = {
  invalid_client: 'Basic realm="millrace", charset="UTF-8"',
  invalid_token: 'Bearer realm="millrace", error="invalid_token"',
};

/** A refusal as OAuth clients read it: `{error, error_description}`. Of what was sent it repeats nothing but real scopes. */
export class OauthError extends Error {
  override readonly name = 'OauthError';
  readonly code: OauthErrorCode;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;

  /** @param description printable ASCII without quotes and backslashes, as RFC 6749 asks */
  constructor(code: OauthErrorCode, description: string, headers: Readonly<Record<string, string>> = {}) {
    super(description);
    this.code = code;
    const challenge = CHALLENGES[code];
    this.headers = challenge === undefined ? headers : { 'www-authenticate': challenge, ...headers };
  }

  get status(): number {
    return oauthErrors[this.code];
  }

  get body(): { readonly error: OauthErrorCode; readonly error_description: string } {
    return { error: this.code, error_description: this.message };
  }
}

export const invalidRequest = (faults: readonly string[]): OauthError =>
  new OauthError('invalid_request', `${faults.join('; ')}.`);

/** For an unknown client as for a wrong secret. */
export const invalidClient = (): OauthError =>
  new OauthError('invalid_client', 'The client is unknown, or its secret is wrong.');

/** For a refresh token that was never issued as for one that has ended. */
export const invalidRefreshToken = (): OauthError =>
  new OauthError('invalid_grant', 'The refresh token is unknown, has ended, or was used before.');
