import { capturedLog } from '@millrace/testing/captured-log';
import { describe, expect, it } from 'vitest';
import { Problem } from '../problem/problem.ts';

describe('createLog', () => {
  it('writes fixed names: level as a word, time in RFC 3339, service, msg', () => {
    const { log, lines } = capturedLog();

    log.info({ topic: 'running', partition: 2, offset: 12_345_678_901n }, 'stored');

    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        service: 'test',
        topic: 'running',
        partition: 2,
        offset: 12_345_678_901,
        msg: 'stored',
      },
    ]);
  });

  it('writes an error with its code and the whole chain of causes', () => {
    const { log, lines } = capturedLog();
    const cause = new Error('connect failed', { cause: new Error('ECONNREFUSED') });

    log.error({ err: new Problem('kafka-unavailable', 'no answer', { cause }) }, 'could not produce');

    expect(lines[0]?.err).toMatchObject({
      type: 'Problem',
      message: 'no answer',
      code: 'kafka-unavailable',
      stack: expect.stringContaining('create-log.test.ts'),
      cause: { message: 'connect failed', cause: { message: 'ECONNREFUSED' } },
    });
  });

  it('writes nothing below its level', () => {
    const { log, lines } = capturedLog('warn');

    log.info('quiet');
    log.warn('heard');

    expect(lines.map(({ msg }) => msg)).toEqual(['heard']);
  });
});
