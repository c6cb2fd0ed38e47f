import type { Json } from '../connector.ts';

/** JSON that is the same text for the same content, in whatever order its members come. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return textJson(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return isList(value) ? `[${value.map(canonicalJson).join(',')}]` : `{${membersJson(value)}}`;
}

function membersJson(value: { readonly [name: string]: Json }): string {
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const member = canonicalJson(value[name] ?? null);
    members += `${members === '' ? '' : ','}${textJson(name)}:${member}`;
  }
  return members;
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);

/** What JSON would escape; most text has none of it, and asking takes a fifth of the time of `JSON.stringify`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

const textJson = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`);
