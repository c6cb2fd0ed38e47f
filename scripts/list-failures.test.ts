import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { listFailures } from './list-failures.mjs';

const file = { name: resolve('core/a.test.ts'), status: 'failed', message: '' };

test('a failed test is a line with its file and the first lines of its error, without colours', () => {
  const assertionResults = [
    { status: 'passed', fullName: 'one', failureMessages: [] },
    { status: 'failed', fullName: 'two', failureMessages: ['\u001b[31mexpected 1\u001b[39m\nto be 2\n3\n4\n5'] },
  ];
  expect(listFailures('unit tests', [{ ...file, assertionResults }])).toEqual([
    'unit tests: core/a.test.ts: two\n    expected 1\n    to be 2\n    3\n    4',
  ]);
});

test('a file that could not be loaded is a line, and one that passed is none', () => {
  const files = [
    { ...file, message: 'no such module', assertionResults: [] },
    { ...file, status: 'passed', assertionResults: [] },
  ];
  expect(listFailures('unit tests', files)).toEqual(['unit tests: core/a.test.ts\n    no such module']);
});
