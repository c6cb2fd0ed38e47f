import { randomUUID } from 'node:crypto';
import { avscType } from '@millrace/core/schema/avsc-type';
import { createEncoder } from '@millrace/core/stream/wire-format';
import kafkajs from 'kafkajs';
import { SaxesParser, type SaxesTagPlain } from 'saxes';

/**
 * The least that a sync of listings can do: feeds fetched and parsed, base plans encoded by avsc as they come, and written by kafkajs as it
 * is. No rules, no state, no hashes. Prints `{"records": …, "ms": …}`.
 * Arguments: brokers, topic, the Avro schema, `produce` or `read`, addresses.
 */
const [brokers = '', topic = '', schema = '', mode = '', ...urls] = process.argv.slice(2);
const BATCH = 500;

type Zone = { zone_id?: string; name?: string; capacity: number; price: Buffer; numbered: boolean };
type Plan = Record<string, unknown> & { readonly zones: Zone[] };
type Listing = Record<string, unknown> & { readonly listing_id: string; readonly plans: Plan[] };

const producer = new kafkajs.Kafka({
  brokers: brokers.split(','),
  logLevel: kafkajs.logLevel.ERROR,
}).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
if (mode === 'produce') await producer.connect();
const encode = createEncoder(avscType(JSON.parse(schema)), 1);
const start = performance.now();
const counts = await Promise.all(urls.map(read));
const ms = performance.now() - start;
if (mode === 'produce') await producer.disconnect();
process.stdout.write(`${JSON.stringify({ records: counts.reduce((sum, count) => sum + count, 0), ms })}\n`);

async function read(url: string): Promise<number> {
  const { body } = await fetch(url);
  if (!body) throw new Error('the feed has no body');
  const parser = new SaxesParser();
  const decoder = new TextDecoder();
  let open: Listing | undefined;
  let done: Listing[] = [];
  let count = 0;
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'base_plan' || name === 'base_event') open = listingOf(name.slice('base_'.length), attributes);
    else if (name === 'plan' || name === 'event') open?.plans.push(planOf(name, attributes));
    else if (name === 'zone') open?.plans.at(-1)?.zones.push(zoneOf(attributes));
  });
  parser.on('closetag', ({ name }) => {
    if (open && name.startsWith('base_')) done.push(open);
  });
  for await (const chunk of body) {
    parser.write(decoder.decode(chunk, { stream: true }));
    if (done.length >= BATCH) await send();
  }
  parser.close();
  await send();
  return count;

  async function send(): Promise<void> {
    const messages = done.map((listing) => ({ key: listing.listing_id, value: encode(listing) }));
    count += done.length;
    done = [];
    if (mode === 'produce' && messages.length > 0) await producer.send({ topic, acks: -1, messages });
  }
}

type Attributes = SaxesTagPlain['attributes'];

function listingOf(word: string, attributes: Attributes): Listing {
  const id = attributes[`base_${word}_id`];
  return {
    ...{ listing_id: `bare:${id}`, provider: 'bare', base_plan_id: id, title: attributes.title, time_zone: 'UTC' },
    ...{ sell_mode: attributes.sell_mode, organizer_company_id: attributes.organizer_company_id ?? null },
    ...{ starts_at: null, ends_at: null, plans: [], stale_since: null, stale_reason: null },
    ...{ event_id: randomUUID(), trace_id: '0'.repeat(31).concat('1'), source: 'bench', ingested_at: Date.now() },
  };
}

function planOf(word: string, attributes: Attributes): Plan {
  const [starts = '', ends = ''] = [attributes[`${word}_start_date`], attributes[`${word}_end_date`]];
  return {
    ...{ plan_id: attributes[`${word}_id`], title: null, is_online: true, sold_out: attributes.sold_out === 'true' },
    ...{ starts_at: starts, ends_at: ends, start_date: starts.slice(0, 10), start_time: starts.slice(11, 19) },
    ...{ end_date: ends.slice(0, 10), end_time: ends.slice(11, 19), sell_from: attributes.sell_from },
    ...{ sell_to: attributes.sell_to, min_price: null, max_price: null, zones: [] },
  };
}

function zoneOf({ zone_id, name, capacity, price = '', numbered }: Attributes): Zone {
  const cents = Buffer.alloc(4);
  cents.writeInt32BE(Math.round(Number(price) * 100));
  return {
    ...(zone_id !== undefined && { zone_id }),
    ...(name !== undefined && { name }),
    capacity: Number(capacity),
    price: cents,
    numbered: numbered === 'true',
  };
}
