import { RE2JS } from '@bufbuild/re2';

/** What tells whether a text matches a pattern, in time that grows with the text's length only. */
export type Pattern = { readonly test: (text: string) => boolean; readonly isPlain: boolean };

/** The longest text, in characters, that a pattern with groups, choices or several loops is matched with. */
export const LONGEST_MATCHED = 4_096;
const LONGEST_PATTERN = 500;
const MOST_STEPS = 1_000;

/**
 * Compiles a `pattern`, a regular expression in the words that JavaScript and RE2 share. A plain one runs in JavaScript's own
 * engine; another one in RE2's automaton, as backtracking may take for ever. Throws an `Error` that says what is wrong.
 */
export function compilePattern(pattern: string): Pattern {
  const native = new RegExp(pattern, 'u');
  const bare = bareOf(pattern);
  if (isPlain(bare)) return { test: (text) => native.test(text), isPlain: true };
  if (pattern.length > LONGEST_PATTERN) throw new Error(`it has more than ${LONGEST_PATTERN} characters`);
  const automaton = RE2JS.compile(wholeText(pattern, bare));
  if (automaton.re2().prog.numInst() > MOST_STEPS) throw new Error('its repetitions are too many');
  return { test: (text) => text.length <= 2 * LONGEST_MATCHED && automaton.testExact(text), isPlain: false };
}

/** The pattern with `x` for each part that stands for one character, so that only its structure is left. */
const bareOf = (pattern: string) =>
  pattern.replaceAll(/\\(?:[pPu]\{[^}]*\}|[^bB])/g, 'x').replaceAll(/\[(?:\\.|[^\]\\])*\]/g, 'x');

/** One loop at most, from the start of the text, without groups and choices: there is nothing to try twice. */
function isPlain(bare: string): boolean {
  const loops = bare.match(/[*+?]|\{\d+,\d*\}/g) ?? [];
  return bare.startsWith('^') && !/[(|\\]/.test(bare) && loops.length <= 1;
}

/** The same for a match of the whole text, which is what RE2 has an automaton for. */
function wholeText(pattern: string, bare: string): string {
  const isChoice = hasOuterChoice(bare);
  const [starts, ends] = [!isChoice && bare.startsWith('^'), !isChoice && bare.endsWith('$')];
  const [from, to] = [starts ? 1 : 0, ends ? -1 : undefined];
  if (/[\^$\\]/.test(bare.slice(from, to)))
    throw new Error('an anchor may stand at its start or end only, around a group where there are choices');
  return `${starts ? '' : '(?s:.*)'}(?:${pattern.slice(from, to)})${ends ? '' : '(?s:.*)'}`;
}

function hasOuterChoice(bare: string): boolean {
  let depth = 0;
  for (const char of bare) {
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === '|' && depth === 0) return true;
  }
  return false;
}
