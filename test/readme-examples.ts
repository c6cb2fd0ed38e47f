export type Example = { readonly command: string; readonly answer: unknown };

const BLOCKS = /```sh\n(curl [\s\S]*?)```\n```json\n([\s\S]*?)```/g;

/** The curl commands of a Markdown page that are followed by the JSON they answer. */
export function readmeExamples(markdown: string): Example[] {
  return [...markdown.matchAll(BLOCKS)].map(([, command = '', answer = '']) => ({
    command: command.trim(),
    answer: JSON.parse(answer),
  }));
}

/** What differs from run to run; the rest must be as the page says. */
const VOLATILE = new Set(['event_id', 'trace_id', 'ingested_at', 'stored_at', 'appended_at', 'as_of', 'last_updated']);

/** The answer with a word for the kind of value in the place of what differs from run to run. */
export function steady(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(steady);
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key, VOLATILE.has(key) ? typeof value : steady(value)]),
  );
}
