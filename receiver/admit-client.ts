import type { IncomingMessage } from 'node:http';
import type { Caller } from '@millrace/core/access/caller';
import { clientAddress } from '@millrace/core/http/client-address';
import { limitClients } from './limit-clients.ts';

/** Names the client that a request comes from. Throws `too-many-requests` for one that asks more often than it may. */
export type AdmitClient = (req: IncomingMessage, caller: Pick<Caller, 'clientId'>) => string;

/**
 * A client is known by its token, and without one by its address.
 * @param perSecond requests a second of one client; 0 takes any number
 */
export function admitClients(perSecond: number, trustedProxies: number): AdmitClient {
  const clientOf = clientAddress(trustedProxies);
  const limitClient = limitClients(perSecond);

  return (req, { clientId }) => {
    const client = clientId === undefined ? clientOf(req) : `client ${clientId}`;
    limitClient(client);
    return client;
  };
}
