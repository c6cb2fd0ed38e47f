/** How long an access token holds. Services remember checked tokens, so it is also how long a withdrawn scope still works. */
export const ACCESS_TOKEN_SECONDS = 900;
