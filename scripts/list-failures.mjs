import { relative } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';

/** Of an error, its first lines: where it names what it expected, that is enough to find the cause. */
const MOST_LINES = 4;

const firstLines = (message = '') =>
  stripVTControlCharacters(message)
    .split('\n')
    .slice(0, MOST_LINES)
    .map((line) => `\n    ${line.slice(0, 200)}`)
    .join('');

/**
 * A line for each test that failed, and for each file that could not be loaded, of vitest's report as JSON, with the first lines
 * of its error: what failed stands at the end of a long output.
 */
export function listFailures(suite, testResults) {
  return testResults.flatMap((file) => {
    if (file.status !== 'failed') return [];
    const path = relative(process.cwd(), file.name);
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return [`${suite}: ${path}${firstLines(file.message)}`];
    return failed.map((test) => `${suite}: ${path}: ${test.fullName}${firstLines(test.failureMessages[0])}`);
  });
}
