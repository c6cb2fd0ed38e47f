import type { ClientAddressOf } from '@millrace/core/http/client-address';
import type { Request } from '@millrace/core/http/route-table';
import type { Account } from '../account/account.ts';
import type { Authenticate } from '../account/authenticate.ts';
import { clientCredentials } from '../oauth/client-credentials.ts';
import { invalidClient } from '../oauth/oauth-error.ts';
import type { Parameters } from '../oauth/parameters.ts';

/** The client of a request; undefined when it names none. Throws `invalid_client` when it names one wrongly. */
export type IdentifyClient = (req: Request, parameters: Parameters) => Promise<Account | undefined>;

export const createIdentifyClient =
  (authenticate: Authenticate, addressOf: ClientAddressOf): IdentifyClient =>
  async (req, parameters) => {
    const given = clientCredentials(req.headers.authorization, parameters);
    if (!given) return undefined;
    const { id: name, secret } = given;
    const client = await authenticate({ kind: 'client', name, secret, address: addressOf(req) });
    if (!client) throw invalidClient();
    return client;
  };
