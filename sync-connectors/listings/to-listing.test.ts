import { describe, expect, it } from 'vitest';
import type { FeedBasePlan, FeedElement, FeedPlan } from './feed-element.ts';
import { toListing } from './to-listing.ts';

type Attributes = FeedElement['attributes'];

const vocabulary = { root: 'planList', base: 'base_plan', plan: 'plan' };
const zone = (attributes: Attributes = {}, line = 3): FeedElement => ({
  attributes: { zone_id: '40', capacity: '243', price: '20.00', name: 'Platea', numbered: 'true', ...attributes },
  line,
});
const plan = (attributes: Attributes = {}, zones: readonly FeedElement[] = [zone()]): FeedPlan => ({
  attributes: {
    plan_id: '1642',
    plan_start_date: '2026-06-30T21:00:00',
    plan_end_date: '2026-06-30T22:00:00',
    sold_out: 'false',
    ...attributes,
  },
  line: 2,
  zones,
});
const read = (plans: readonly FeedPlan[], attributes: Attributes = {}, more: Partial<FeedBasePlan> = {}) =>
  toListing(
    {
      attributes: { base_plan_id: '291', sell_mode: 'online', title: 'Camela', ...attributes },
      line: 1,
      plans,
      isTooLarge: false,
      ...more,
    },
    vocabulary,
    { name: 'centro', timeZone: 'Europe/Madrid' },
  );

describe('a base plan', () => {
  it('is one nested record', () => {
    const { id, listing, noted } = read([plan()], { organizer_company_id: '1' });

    expect(noted).toEqual([]);
    expect(id).toBe('centro:291');
    expect(listing).toEqual({
      listing_id: 'centro:291',
      provider: 'centro',
      base_plan_id: '291',
      title: 'Camela',
      sell_mode: 'online',
      organizer_company_id: '1',
      time_zone: 'Europe/Madrid',
      starts_at: '2026-06-30T21:00:00',
      ends_at: '2026-06-30T22:00:00',
      plans: [
        {
          plan_id: '1642',
          title: 'Camela',
          is_online: true,
          sold_out: false,
          starts_at: '2026-06-30T21:00:00',
          ends_at: '2026-06-30T22:00:00',
          start_date: '2026-06-30',
          start_time: '21:00:00',
          end_date: '2026-06-30',
          end_time: '22:00:00',
          sell_from: null,
          sell_to: null,
          min_price: '20.00',
          max_price: '20.00',
          zones: [{ zone_id: '40', name: 'Platea', capacity: 243, price: '20.00', numbered: true }],
        },
      ],
    });
  });

  it('is skipped without an id, or with more parts than it may have, with its line', () => {
    expect(read([plan()], { base_plan_id: ' ' })).toMatchObject({
      id: undefined,
      listing: undefined,
      noted: [{ line: 1, pointer: '/base_plan_id' }],
    });
    expect(read([plan()], {}, { isTooLarge: true })).toMatchObject({ id: 'centro:291', listing: undefined });
  });

  it('is not online unless it says so, but each of its plans may', () => {
    const { listing } = read([plan(), plan({ plan_id: '2', sell_mode: 'Online' })], { sell_mode: 'offline' });

    expect(listing?.plans.map(({ is_online }) => is_online)).toEqual([false, true]);
  });
});

describe('times', () => {
  it('that do not exist are kept as given, without a date, and noted', () => {
    const { listing, noted } = read([plan({ plan_start_date: '2026-09-31T20:00:00' })]);

    expect(listing?.plans[0]).toMatchObject({
      starts_at: '2026-09-31T20:00:00',
      start_date: null,
      start_time: null,
      end_date: '2026-06-30',
    });
    expect(noted).toMatchObject([{ line: 2, pointer: '/plans/0/start_date' }]);
    expect(noted[0]?.reason).toContain('2026-09-31T20:00:00 is no date');
  });

  it.each([
    ['2026-02-29T20:00:00', null, null],
    ['2028-02-29T20:00', '2028-02-29', '20:00:00'],
    ['2026-06-30', '2026-06-30', null],
    ['2026-06-30 21:00:00.5', '2026-06-30', '21:00:00'],
    ['2026-06-30T23:30:00+02:00', '2026-06-30', '23:30:00'],
    ['2026-06-30T00:30:00Z', '2026-06-30', '00:30:00'],
    ['2026-06-30T24:00:00', null, null],
    ['30/06/2026', null, null],
    ['', null, null],
  ])('are never shifted: %s', (given, date, time) => {
    expect(read([plan({ plan_start_date: given })]).listing?.plans[0]).toMatchObject({
      start_date: date,
      start_time: time,
    });
  });

  it('of a base plan are the first start and the last end', () => {
    const { listing } = read([
      plan({ plan_start_date: '2026-07-02T10:00:00', plan_end_date: '2026-07-02' }),
      plan({ plan_id: '2' }),
    ]);

    expect(listing).toMatchObject({ starts_at: '2026-06-30T21:00:00', ends_at: '2026-07-02T23:59:59' });
  });
});

describe('zones', () => {
  it('below zero are kept without a price, and do not count for the lowest', () => {
    const { listing, noted } = read([plan({}, [zone(), zone({ zone_id: '41', price: '-10.00' }, 7)])]);

    expect(listing?.plans[0]).toMatchObject({ min_price: '20.00', zones: [{}, { zone_id: '41', price: null }] });
    expect(noted).toMatchObject([{ line: 7, pointer: '/plans/0/zones/1/price' }]);
  });

  it('with one id and two prices are two offers; the same twice is one', () => {
    const { listing, noted } = read([plan({}, [zone(), zone({ price: '65' }), zone()])]);

    expect(noted).toEqual([]);
    expect(listing?.plans[0]).toMatchObject({ min_price: '20.00', max_price: '65.00' });
    expect(listing?.plans[0]?.zones.map(({ price }) => price)).toEqual(['20.00', '65.00']);
  });

  it.each([
    [{ zone_id: '' }, '/zone_id'],
    [{ price: 'twenty' }, '/price'],
    [{ price: '20,50' }, '/price'],
    [{ price: '20.505' }, '/price'],
    [{ price: '1e3' }, '/price'],
    [{ price: '12345678901' }, '/price'],
    [{ capacity: 'many' }, '/capacity'],
    [{ capacity: '-1' }, '/capacity'],
  ])('that are broken are skipped one by one: %o', (attributes, field) => {
    const { listing, noted } = read([plan({}, [zone(attributes), zone({ zone_id: '50' })])]);

    expect(listing?.plans[0]?.zones.map(({ zone_id }) => zone_id)).toEqual(['50']);
    expect(noted).toMatchObject([{ pointer: `/plans/0/zones/0${field}` }]);
  });

  it.each([
    ['020.5', '20.50'],
    ['0', '0.00'],
    ['-0.00', '0.00'],
    ['19.9900', '19.99'],
    ['9999999999.99', '9999999999.99'],
  ])('have exact prices: %s is %s', (given, price) => {
    expect(read([plan({}, [zone({ price: given })])]).listing?.plans[0]?.zones[0]?.price).toBe(price);
  });

  it('may lack all but an id', () => {
    const bare = { attributes: { zone_id: '40' }, line: 3 };

    expect(read([plan({}, [bare])])).toMatchObject({
      noted: [],
      listing: { plans: [{ min_price: null, max_price: null, zones: [{ price: null, capacity: null, name: null }] }] },
    });
  });
});

describe('plans', () => {
  it('without an id are skipped, the rest kept', () => {
    const { listing, noted } = read([plan({ plan_id: '' }), plan({ plan_id: '2' })]);

    expect(listing?.plans.map(({ plan_id }) => plan_id)).toEqual(['2']);
    expect(noted).toMatchObject([{ line: 2, pointer: '/plans/0/plan_id' }]);
  });

  it('with one id in one base plan: the first is kept', () => {
    const { listing, noted } = read([plan(), plan({ sold_out: 'true' })]);

    expect(listing?.plans).toMatchObject([{ sold_out: false }]);
    expect(noted).toMatchObject([{ pointer: '/plans/1' }]);
  });
});
