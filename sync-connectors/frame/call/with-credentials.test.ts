import { expect, it } from 'vitest';
import { withCredentials } from './with-credentials.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const headerOf = (url: string, init?: RequestInit) =>
  new Headers(withCredentials(url, init).init?.headers).get('authorization');

it('takes user and password out of an address and into a header', () => {
  const { url } = withCredentials('https://ann:p%40ss@vendor.example/plans.xml?page=1', undefined);

  expect(url).toBe('https://vendor.example/plans.xml?page=1');
  expect(headerOf('https://ann:p%40ss@vendor.example/')).toBe(basic('ann:p@ss'));
  expect(headerOf('https://:only@vendor.example/')).toBe(basic(':only'));
  expect(headerOf('https://ann:100%@vendor.example/')).toBe(basic('ann:100%'));
});

it('leaves a header that is there, and an address without them', () => {
  const init = { headers: { authorization: 'Bearer x', accept: 'text/xml' } };

  expect(headerOf('https://ann:pass@vendor.example/', init)).toBe('Bearer x');
  expect(withCredentials('https://vendor.example/?a=1', init)).toEqual({ url: 'https://vendor.example/?a=1', init });
  expect(withCredentials('no address', undefined)).toEqual({ url: 'no address', init: undefined });
});
