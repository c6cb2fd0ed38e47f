import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createLog } from '@millrace/core/log/create-log';
import { FEED_LIMITS } from '@millrace/sync-connectors/listings/feed-limits';
import { listingsConnector } from '@millrace/sync-connectors/listings/listings-connector';

/**
 * A feed read by the connector of listings, without the frame: records that nobody takes. Prints `{"ms": …, "heldMs": …}`, the second the
 * longest that the event loop was held. Argument: address.
 */
const [url = ''] = process.argv.slice(2);

const { entities, read } = listingsConnector({
  providers: [{ name: 'bench', url, timeZone: 'Europe/Madrid' }],
  limits: FEED_LIMITS,
});
const [entity] = entities;
if (!entity) throw new Error('the connector has no entity');
const log = createLog({ name: 'bench', level: 'warn' });
const signal = new AbortController().signal;
const delay = monitorEventLoopDelay({ resolution: 1 });
let records = 0;
delay.enable();
const start = performance.now();
for await (const item of read({ entity, scope: { kind: 'all' }, cursor: undefined, call: fetch, log, signal })) {
  if (item.kind === 'record') records += 1;
  if (item.kind === 'incomplete') throw new Error(item.reason);
}
const ms = performance.now() - start;
delay.disable();
if (records === 0) throw new Error('the feed has no records');
process.stdout.write(`${JSON.stringify({ ms, heldMs: delay.max / 1e6 })}\n`);
