import { randomUUID } from 'node:crypto';
import type { RunningService } from '@millrace/testing/start-service';
import { waitUntil } from '@millrace/testing/wait-until';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTestBed, type TestBed } from './test-bed.ts';

let bed: TestBed;
let storage: RunningService;
const T0 = Date.parse('2026-05-01T12:00:00Z');

beforeAll(async () => {
  bed = await openTestBed(inject('stack'), 'shipped');
  storage = await bed.startStorage();
});
afterAll(() => bed.close());

const metadata = (version: number) => ({
  ...{
    event_id: randomUUID(),
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    source: 'test',
    ingested_at: T0 + version,
  },
});
const event = (id: string) => ({
  ...{ ticketed_event_id: id, name: 'Gala', starts_at: T0, ends_at: null, capacity: 400 },
  ...{ stale_since: null, stale_reason: null, ...metadata(0) },
});
const pass = (id: string, type: string, of = 'EV-1', version = 0, isStale = false) => ({
  ...{ pass_id: id, ticketed_event_id: of, pass_type: type, cost: Buffer.from('09c4', 'hex'), issued_at: T0 },
  ...{ stale_since: isStale ? T0 : null, stale_reason: isStale ? 'absent' : null, ...metadata(version) },
});
const get = (id: string) => fetch(`${storage.url}/ticketing/events/${id}/parking-availability`);
async function issued(): Promise<unknown[]> {
  const body: unknown = await (await get('EV-1')).json();
  return Array.isArray(body) ? body : [];
}

describe('GET /ticketing/events/<id>/parking-availability', () => {
  it('counts the passes of the event that the vendor still has, by type', async () => {
    await bed.publish('ticketing/ticketed-events', [event('EV-1'), event('EV-2')]);
    const publish = (...passes: ReturnType<typeof pass>[]) => bed.publish('ticketing/parking-passes', passes, () => 0);
    await publish(
      ...Array.from({ length: 61 }, (_, n) => pass(`p${n}`, 'Premium')),
      pass('b1', 'Buck Road'),
      pass('b2', 'Buck Road'),
      pass('s1', 'Staff'),
      pass('other', 'Catering', 'EV-2'),
    );
    await publish(pass('b2', 'Buck Road', 'EV-1', 1, true), pass('last', 'General'));

    const rows = await waitUntil(issued, (now) => JSON.stringify(now).includes('"issued":1,"left":799'));

    expect(rows).toEqual([
      { pass_type: 'General', limit: 800, issued: 1, left: 799 },
      { pass_type: 'Premium', limit: 60, issued: 61, left: 0 },
      { pass_type: 'Catering', limit: 30, issued: 0, left: 30 },
      { pass_type: 'Buck Road', limit: 40, issued: 1, left: 39 },
      { pass_type: 'Staff', limit: null, issued: 1, left: null },
    ]);
  });

  it('answers 404 for an event that is not known', async () => {
    expect((await get('EV-3')).status).toBe(404);
    expect((await get("EV-1'%20OR%20'1")).status).toBe(404);
  });
});
