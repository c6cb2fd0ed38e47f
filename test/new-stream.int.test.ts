import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { partitionCounts } from '@millrace/core/stream/partition-counts';
import { createTestNames } from '@millrace/testing/test-names';
import { waitUntil } from '@millrace/testing/wait-until';
import type { World } from '@millrace/testing/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openGround, type Platform, startPlatform } from './start-platform.ts';

const { prefix } = createTestNames();
const name = `${prefix}-journeys`;
const path = `/test/${prefix}/journeys`;

/** A value for every kind of type, written as an app would write it; the fields with defaults left out are in `filled`. */
const journey = {
  traveller_id: 'D290F1EE-6C54-4B01-90E6-D701748F0851',
  mode: 'ride',
  distance: 18_250.75,
  stops: 3,
  steps: 9_007_199_254_740_990,
  speed: 2.25,
  fare: '1234567.89',
  toll: -12.5,
  day: '2026-02-28',
  leaves_at: '07:32:10.25',
  lands_at: '23:59:59.999999',
  measured_at: '2026-03-14T07:32:10.250123Z',
  arrived_at: '2026-03-14T09:32:10.250+02:00',
  ticket: '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90',
  checksum: 'yv66vg==',
  from: { name: 'Zürich 🚉 "HB"', position: { latitude: 47.378, longitude: 8.54 } },
  to: { name: "O'Hare\n\\ORD" },
  legs: [
    { leg_id: 'a', leg_mode: 'walk', leg_distance: 250.75, left_at: '2026-03-14T05:00:00Z' },
    { leg_id: 'b', leg_mode: 'fly', leg_distance: 18_000 },
  ],
  companions: ['Ann', ''],
  labels: { 'with space': 'yes', __note: 'ü' },
  readings: { pulse: [61, 61.5], empty: [] },
  note: 7.5,
};

/** The same in the one spelling that answers use, its defaults filled in. */
const filled = {
  ...journey,
  traveller_id: 'd290f1ee-6c54-4b01-90e6-d701748f0851',
  finished: true,
  toll: '-12.5000',
  leaves_at: '07:32:10.250',
  arrived_at: '2026-03-14T07:32:10.250Z',
  photo: 'Af8=',
  to: { ...journey.to, position: null },
  legs: [
    { ...journey.legs[0], left_at: '2026-03-14T05:00:00.000Z' },
    { ...journey.legs[1], left_at: null },
  ],
  colour: '#000000',
};

let ground: World;
let platform: Platform;

beforeAll(async () => {
  ground = await openGround('shipped');
  const schema = JSON.parse(await readFile(join(import.meta.dirname, '../core/test/journeys.avsc'), 'utf8'));
  const stream = { ...schema.stream, name, path, count_as: `num_${prefix}` };
  await mkdir(join(ground.schemasDir, 'test'));
  await writeFile(join(ground.schemasDir, 'test/journeys.avsc'), JSON.stringify({ ...schema, stream }));
  platform = await startPlatform(ground);
});

afterAll(async () => {
  await platform?.close();
  await ground?.close();
});

const bodyOf = z.record(z.string(), z.unknown());

async function get(url: string) {
  const response = await fetch(url);
  return { status: response.status, body: bodyOf.parse(await response.json()) };
}

async function post(record: object) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${platform.receiver}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(record),
  });
  return { status: response.status, body: bodyOf.parse(await response.json()) };
}

describe('a schema file dropped beside the shipped ones', () => {
  let eventId: unknown;

  beforeAll(async () => {
    const { status, body } = await post(journey);
    expect(body).toMatchObject({ topic: name, partition: expect.any(Number), offset: 0 });
    expect(status).toBe(201);
    eventId = body.event_id;
  });

  it('has a topic with the partitions it asks for, and a dead-letter topic', async () => {
    const partitions = await partitionCounts(ground.admin, [name, `${name}.dead-letter`]);

    expect(Object.fromEntries(partitions)).toEqual({ [name]: 2, [`${name}.dead-letter`]: 1 });
  });

  it('has a subject whose schema says nothing of constraints', async () => {
    const { status, body } = await get(`${ground.env.SCHEMA_REGISTRY_URL}/subjects/${name}-value/versions/latest`);

    expect(status).toBe(200);
    expect(body.version).toBe(1);
    expect(JSON.parse(String(body.schema))).toMatchObject({ name: 'Journey', namespace: 'millrace.test' });
    expect(body.schema).not.toMatch(/"(minimum|stream|maxLength)"/);
  });

  it('is read back from storage as it was sent', async () => {
    const url = `${platform.storage}${path}/${eventId}`;

    const { body } = await waitUntil(
      () => get(url),
      ({ status }) => status === 200,
    );

    expect(body).toMatchObject({ ...filled, event_id: eventId, source: 'anonymous' });
    const range = 'start_timestamp=2026-03-14T07:32:10.250Z&end_timestamp=2026-03-14T07:32:10.251Z&mode=ride';
    const list = await fetch(`${platform.storage}${path}?${range}`);
    expect(await list.json()).toEqual([body]);
  });

  it('is event 0 of the analyzer, with the same values', async () => {
    const { body } = await waitUntil(
      () => get(`${platform.analyzer}/${name}?index=0`),
      ({ status }) => status === 200,
    );

    expect(body).toMatchObject({ ...filled, event_id: eventId, position: { index: 0, offset: 0 } });
  });

  it('is counted and measured', async () => {
    const { body } = await waitUntil(
      () => get(`${platform.analyzer}/stats`),
      (answer) => answer.body[`num_${prefix}`] === 1,
    );

    expect(bodyOf.parse(body.streams)[name]).toMatchObject({
      count: 1,
      first: filled.arrived_at,
      last: filled.arrived_at,
      distance: { sum: 18_250.75, min: 18_250.75, max: 18_250.75, mean: 18_250.75 },
      stops: { sum: 3, mean: 3 },
      fare: { max: '1234567.89' },
    });
  });

  it('is documented by every service', async () => {
    const [receiver, storage, analyzer] = await Promise.all(
      [platform.receiver, platform.storage, platform.analyzer].map((url) => get(`${url}/openapi.json`)),
    );

    expect(receiver?.body).toHaveProperty(['paths', path, 'post', 'requestBody', 'content', 'application/json']);
    expect(JSON.stringify(storage?.body.paths)).toContain('"name":"mode"');
    expect(storage?.body).toHaveProperty(['paths', `${path}/{event_id}`, 'get']);
    expect(analyzer?.body).toHaveProperty(['paths', `/${name}`, 'get']);
  });

  it('refuses a record with every fault named at once', async () => {
    const wrong = { ...journey, mode: 'swim', fare: '1.234', day: '2026-02-29', from: {}, extra: 1 };

    const { status, body } = await post(wrong);

    expect(status).toBe(400);
    const pointers = z
      .array(z.object({ pointer: z.string() }))
      .parse(body.errors)
      .map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/mode', '/fare', '/day', '/from/name', '/extra']);
  });
});
