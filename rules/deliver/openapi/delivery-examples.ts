export const DELIVERY = '0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90';
export const EVENT = '0195934f-9b11-7d20-8e4b-51c2a07f3d66';

export const newExample = {
  name: 'winners to the shop',
  stream: 'won-events',
  url: 'https://shop.example.com/hooks/millrace',
  filter: 'event.depth == 0',
  from: 'now',
};

export const attemptExample = {
  ...{ event_id: EVENT, attempt: 2, outcome: 'retrying', attempted_at: '2026-03-14T07:32:10.482Z' },
  ...{ duration_ms: 212, status: 503, error: 'answered 503', response: 'back soon' },
};

const { attempted_at, outcome, status, error } = attemptExample;

export const deliveryExample = {
  delivery_id: DELIVERY,
  name: newExample.name,
  stream: newExample.stream,
  url: newExample.url,
  filter: newExample.filter,
  state: 'failing',
  state_since: '2026-03-14T07:31:58.114Z',
  state_reason: 'answered 503',
  last_error: 'answered 503',
  last_attempt: { attempted_at, outcome, status, error },
  waiting: 18,
  retrying: 5,
  failed: 0,
  left_alone_until: null,
  filter_errors: 0,
  last_filter_error: null,
  missed: 0,
  secrets: [{ created_at: '2026-03-01T10:00:00.000Z', ends_at: null }],
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
};
