import { decoded } from './with-credentials.ts';

/** Takes the secrets of a connector's calls out of text that people get to see. */
export type Redact = (text: string) => string;

const SECRET_HEADER = /auth|key|token|secret|cookie|signature/i;
const SECRET_FIELD = /token|secret|pass|pwd|key|code|sig|auth|assertion|credential|session/i;
const SHORTEST = 6;
const MOST = 200;
const HIDDEN = '[hidden]';

export type Redactor = {
  readonly redact: Redact;
  /** Remembers what of a call could be a secret: headers, what the address or a form has under a telling name, and its user. */
  learn(url: string, init: RequestInit | undefined): void;
};

/** The frame does not know which of a connector's settings are secret, but every secret goes out in a call. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();

  const add = (text: string) => {
    for (const each of [text, encodeURIComponent(text)])
      if (text.length >= SHORTEST) {
        secrets.delete(each);
        secrets.add(each);
      }
    for (const oldest of secrets) {
      if (secrets.size <= MOST) break;
      secrets.delete(oldest);
    }
  };

  return {
    redact: (text) => {
      let shown = text;
      for (const secret of [...secrets].sort((a, b) => b.length - a.length)) shown = shown.replaceAll(secret, HIDDEN);
      return shown;
    },
    learn(url, init) {
      for (const [name, value] of new Headers(init?.headers))
        if (SECRET_HEADER.test(name)) for (const word of [value, ...value.split(/\s+/)]) add(word);
      const address = URL.canParse(url) ? new URL(url) : undefined;
      if (address)
        for (const part of [address.username, address.password]) for (const each of [part, decoded(part)]) add(each);
      const form = typeof init?.body === 'string' ? new URLSearchParams(init.body) : init?.body;
      for (const parameters of [address?.searchParams, form])
        if (parameters instanceof URLSearchParams)
          for (const [name, value] of parameters) if (SECRET_FIELD.test(name)) add(value);
    },
  };
}
