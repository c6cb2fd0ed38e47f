import { expect, it } from 'vitest';
import { reasonOf } from './reason-of.ts';

it('gives the messages of an error and its causes', () => {
  const error = new Error('Kafka did not answer', { cause: new Error('connection refused') });

  expect(reasonOf(error)).toBe('Kafka did not answer: connection refused');
});

it('finds words for errors without a message and for what is no error', () => {
  const refused = new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')]);

  expect(
    [refused, Object.assign(new Error(''), { code: 'ECONNRESET' }), new RangeError(''), 'text'].map(reasonOf),
  ).toEqual(['::1 refused, 127.0.0.1 refused', 'ECONNRESET', 'RangeError', 'text']);
});
