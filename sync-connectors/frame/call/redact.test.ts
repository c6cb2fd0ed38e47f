import { expect, it } from 'vitest';
import { createRedactor } from './redact.ts';

it('hides what a call had in headers, address and form', () => {
  const { redact, learn } = createRedactor();
  learn('https://user:pass-canary@vendor.example/list?api_key=key%20canary&page=2', {
    headers: { authorization: 'Bearer bearer-canary', 'bb-api-subscription-key': 'subscription-canary' },
    body: new URLSearchParams({ refresh_token: 'refresh-canary', grant_type: 'refresh_token' }),
  });

  const shown = redact(
    'bearer-canary subscription-canary pass-canary key canary key%20canary refresh-canary page=2 refresh_token',
  );

  expect(shown).toBe('[hidden] [hidden] [hidden] [hidden] [hidden] [hidden] page=2 refresh_token');
});

it('hides a password as it stands and as it is meant, also one that is not escaped', () => {
  const { redact, learn } = createRedactor();
  learn('https://ann:p%40ss-canary@vendor.example/', undefined);
  learn('https://ann:100%-canary@vendor.example/?sig=signed-canary&pwd=passed-canary', undefined);

  expect(redact('p@ss-canary p%40ss-canary 100%-canary signed-canary passed-canary')).toBe(
    '[hidden] [hidden] [hidden] [hidden] [hidden]',
  );
});

it('leaves short words alone, and forgets the oldest secrets of very many', () => {
  const { redact, learn } = createRedactor();
  learn('https://vendor.example/', { headers: { authorization: 'abc' } });
  for (let n = 0; n < 500; n += 1) learn('https://vendor.example/', { headers: { authorization: `secret-${n}` } });

  expect(redact('abc secret-499 secret-0')).toBe('abc [hidden] secret-0');
});
