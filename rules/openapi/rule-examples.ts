export const RULE = '0195934f-9a10-7d21-8f43-5b7c2f1d6e08';
export const RUN = '0195934f-9b20-7c11-9d5a-2f0c6f1b7a94';

export const definitionExample = {
  name: '100 km in a week',
  kind: 'win',
  streams: ['running'],
  windows: { week_m: { over: '7d', kind: 'tumbling', measure: 'sum(distance)', timezone: 'Europe/Berlin' } },
  when: 'windows.week_m >= 100000.0 && account != null',
  mode: 'on',
};

export const keptExample = {
  ...{ rule_id: RULE, version: 1, ...definitionExample, mode_reason: null, effective_from: null, every: null },
  ...{ created_at: '2026-03-14T07:00:00.000Z', updated_at: '2026-03-14T07:00:00.000Z' },
};

export const dryExample = {
  ...{ evaluated: 12_000, would_win: 2, accounts_affected: 2, errors: 0 },
  per_day: [
    { day: '2026-03-08', would_win: 1 },
    { day: '2026-03-15', would_win: 1 },
  ],
  examples: [
    {
      event_id: '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90',
      account_id: 'd290f1ee-6c54-4b01-90e6-d701748f0851',
      at: '2026-03-08T07:32:10.000Z',
      values: { 'windows.week_m': 101_250.5 },
    },
  ],
  source: { epoch: '4f1c09b2d3a8e657', from_index: 0, to_index: 12_000, as_of: '2026-03-16T00:00:00.000Z' },
  ms: 640,
};

export const gapExamples = [
  { version: 1, from: null, to: '2026-03-14T07:00:00.000Z', reason: 'made later' },
  { version: 1, from: '2026-03-15T12:00:00.000Z', to: '2026-03-15T12:30:00.000Z', reason: 'off' },
];

export const fillExample = {
  ...{ run_id: RUN, kind: 'fill', rule_id: RULE, state: 'waiting', read: 0, result: null, message: null },
};
