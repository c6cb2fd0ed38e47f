import { z } from 'zod';
import type { Connector, Entity, Json, ReadItem, ReadRequest } from '../frame/connector.ts';

const answer = z.object({
  rows: z.array(z.object({ id: z.string(), name: z.json(), date: z.string().optional(), version: z.number() })),
  total: z.number(),
  more: z.boolean(),
});

export type VendorSettings = {
  readonly name: string;
  readonly url: string;
  readonly streams: { readonly customers: string; readonly passes: string };
  readonly secret: string;
  readonly fingerprint: string;
  readonly budget: Connector['budget'];
};

/** A connector of the tests' vendor: customers are read whole, passes by what has changed. */
export function vendorConnector(settings: VendorSettings): Connector {
  const { url, streams, secret } = settings;
  const headers = { authorization: `Bearer ${secret}` };
  const entities: readonly Entity[] = [
    { name: 'customers', stream: streams.customers, hasRanges: false },
    { name: 'passes', stream: streams.passes, hasRanges: true },
  ];

  return {
    name: settings.name,
    entities,
    budget: settings.budget,
    schedule: undefined,
    fingerprint: () => settings.fingerprint,
    async check(call) {
      const { status } = await call(`${url}/customers?key=${secret}`, { headers });
      return { ok: status === 200, detail: `${url}/customers?key=${secret} answered ${status}` };
    },
    discover: async () => [],
    covers: (_, scope, { date }) =>
      scope.kind === 'range' && typeof date === 'string' && date >= scope.from && date < scope.to,
    staleReason: (_, { name }) => (String(name).startsWith('over') ? 'ended' : 'absent'),
    read,
  };

  async function* read({ entity, scope, cursor, call, log }: ReadRequest): AsyncGenerator<ReadItem> {
    const query = new URLSearchParams();
    if (typeof cursor === 'number') query.set('since', String(cursor));
    if (scope.kind === 'range') {
      query.set('from', scope.from);
      query.set('to', scope.to);
    }
    const path = scope.kind === 'one' ? `/${encodeURIComponent(scope.id)}` : '';
    let seen = 0;
    for (let page = 0; ; page += 1) {
      query.set('page', String(page));
      const response = await call(`${url}/${entity.name}${path}?${query}`, { headers });
      if (response.status !== 200) throw new Error(`the bug of a connector that shows ${secret}`);
      const { rows, total, more } = answer.parse(await response.json());
      for (const [index, { id, name, date }] of rows.entries()) {
        const at = `page ${page}, row ${index}`;
        seen += 1;
        if (name === 'unreadable') yield { kind: 'rejected', id, at, pointer: '/name', reason: `no, by ${secret}` };
        else yield { kind: 'record', id, at, value: rowValue(entity, { id, name, date }) };
      }
      log.debug({ page }, 'a page was read');
      yield { kind: 'progress', done: seen, total };
      const last = rows.at(-1);
      if (entity.name === 'passes' && last) yield { kind: 'checkpoint', cursor: last.version };
      if (more) continue;
      if (seen === total) yield { kind: 'complete', scope };
      else yield { kind: 'incomplete', scope, reason: `the vendor counts ${total}, and ${seen} came` };
      return;
    }
  }
}

function rowValue(
  { name: entity }: Entity,
  { id, name, date }: { readonly id: string; readonly name: Json; readonly date: string | undefined },
): Readonly<Record<string, Json>> {
  return entity === 'passes' ? { pass_id: id, name, date: date ?? '' } : { customer_id: id, name };
}
