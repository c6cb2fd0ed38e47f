const SECRETS = 'access_token|refresh_token|id_token|token|password|client_secret|secret|api_key';
const SECRET = new RegExp(`([?&](?:${SECRETS})=)[^&]*`, 'gi');

/** A request target as a log may have it: a secret that a client put into the query, where none belongs, is left out. */
export const loggedUrl = (url: string | undefined): string | undefined => url?.replace(SECRET, '$1…');
