import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { generateSecret, isSecret } from './secret.ts';
import { signedHeaders } from './sign.ts';

const body = Buffer.from('{"name":"Zoë","distance":12000.5}');

it('signs so that the published library verifies, with each of the secrets', () => {
  const [now, before] = [generateSecret(), generateSecret()];
  const headers = signedHeaders('0195934f-8ad0-7c3e-9d5a-2f0c6f1b7a90', Date.now(), body, [now, before]);

  for (const secret of [now, before])
    expect(new Webhook(secret).verify(body.toString(), headers)).toEqual({ name: 'Zoë', distance: 12000.5 });
  expect(() => new Webhook(generateSecret()).verify(body.toString(), headers)).toThrow();
  expect(() => new Webhook(now).verify(`${body} `, headers)).toThrow();
});

it('takes secrets of 24 to 64 bytes in base64, and makes such', () => {
  const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

  expect([generateSecret(), of(24), of(64)].map(isSecret)).toEqual([true, true, true]);
  expect([of(23), of(65), of(32).slice(6), `${of(32)}!`, 'whsec_', ''].map(isSecret)).toEqual(Array(6).fill(false));
});
