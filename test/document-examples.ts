type Form = 'json' | 'ndjson' | 'csv' | 'text';
export type Example = {
  readonly command: string;
  /** What the page says comes of it; undefined where it says nothing. */
  readonly expected: { readonly form: Form; readonly answer: unknown } | undefined;
};

const BLOCKS =
  /```sh\n((?:curl |echo |sleep |make client |[A-Z_]+=\$\()[\s\S]*?)```(?:\n```(json|ndjson|csv|text)\n([\s\S]*?)```)?/g;

/** The commands of a Markdown page that can be run, with what they answer. */
export function documentExamples(markdown: string): Example[] {
  return [...markdown.matchAll(BLOCKS)].map(([, command = '', form, answer = '']) => ({
    command: command.trim(),
    expected: isForm(form) ? { form, answer: parseAnswer(form, answer) } : undefined,
  }));
}

const forms: readonly Form[] = ['json', 'ndjson', 'csv', 'text'];
const isForm = (form: string | undefined): form is Form => forms.some((each) => each === form);

/** A line of NDJSON or CSV becomes an element of an array, so that every answer is compared as JSON. */
export function parseAnswer(form: Form, text: string): unknown {
  if (form === 'json') return JSON.parse(text);
  if (form === 'text') return text.trim();
  const lines = text.trim().split(/\r?\n/);
  if (form === 'ndjson') return lines.map((line): unknown => JSON.parse(line));
  const [names = [], ...rows] = lines.map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
}

/** The answer without the rows that the page leaves out: `"… 27 more"` in the place of the last 27. */
export function shortenedLike(shown: unknown, given: unknown): unknown {
  if (Array.isArray(shown) && Array.isArray(given)) {
    const last: unknown = shown.at(-1);
    if (typeof last !== 'string' || !/^… \d+ more$/.test(last)) return given;
    const kept = shown.length - 1;
    return [...given.slice(0, kept), `… ${given.length - kept} more`];
  }
  if (typeof shown !== 'object' || shown === null || typeof given !== 'object' || given === null) return given;
  const parts = new Map<string, unknown>(Object.entries(shown));
  return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, shortenedLike(parts.get(key), each)]));
}

/** What differs from run to run; the rest must be as the page says. */
const VOLATILE = [
  'id',
  'event_id',
  'key',
  'account_id',
  'rule_id',
  'delivery_id',
  'trace_id',
  'redrive_id',
  'run_id',
  'access_token',
  'refresh_token',
  'client_secret',
  'created_at',
  'ingested_at',
  'stored_at',
  'appended_at',
  'set_aside_at',
  'as_of',
  'last_updated',
];

/** The answer with a word for the kind of value in the place of what differs from run to run, and of what else `varies`. */
export function steady(answer: unknown, varies: readonly string[] = []): unknown {
  const volatile = new Set([...VOLATILE, ...varies]);
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, volatile.has(key) && each !== null ? typeof each : strip(each)]),
    );
  };
  return strip(answer);
}

/** The ids of a page's answer, each with the one that was really given in its place. */
export function givenIds(expected: unknown, given: unknown): (readonly [string, string])[] {
  if (typeof expected !== 'object' || expected === null || typeof given !== 'object' || given === null) return [];
  const found = new Map(Object.entries(given));
  return Object.entries(expected).flatMap(([key, value]) => {
    const now: unknown = found.get(key);
    if (typeof value === 'string' && typeof now === 'string')
      return /(^|_)id$|^key$/.test(key) && VOLATILE.includes(key) ? [[value, now] as const] : [];
    return givenIds(value, now);
  });
}
