import { serviceNames } from '@millrace/core/services/services';
import { parseAnswer, rawSocket } from '@millrace/testing/raw-socket';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADA, type Attacked, BEN, type ClientName, openAttacked } from './attacked-platform.ts';
import { hmac, jwt, serveTiny } from './tiny-issuer.ts';

let attacked: Attacked;
let rows: string;
let journeys: string;
let events: string;
let stats: string;
let exported: string;

beforeAll(async () => {
  attacked = await openAttacked();
  const { platform, ground } = attacked;
  const { name, path } = ground.stream('running');
  rows = platform.storage + path;
  journeys = platform.storage + ground.stream('journeys').path;
  events = `${platform.analyzer}/${name}`;
  stats = `${platform.analyzer}/stats?stream=${name}&group_by=user_id&measure=sum(distance)`;
  exported = `${platform.analyzer}/export/`;
});
afterAll(() => attacked?.close());

function nextOf(url: string, headers: Headers): string | undefined {
  const link = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return link === undefined ? undefined : new URL(url).origin + link;
}

/** All pages of a list, one entry a page. */
async function pages(url: string, client: ClientName) {
  const texts: string[] = [];
  for (let next: string | undefined = url; next !== undefined; ) {
    const { status, headers, text } = await attacked.ask(next, client);
    expect(status).toBe(200);
    texts.push(text);
    next = nextOf(next, headers);
  }
  return texts;
}

/** Five at a time: one client may have so many exports at once. */
async function inTurns<Result>(asks: readonly (() => Promise<Result>)[]): Promise<Result[]> {
  const answers: Result[] = [];
  for (let from = 0; from < asks.length; from += 5)
    answers.push(...(await Promise.all(asks.slice(from, from + 5).map((ask) => ask()))));
  return answers;
}

describe('who may read its own alone (API1: object level)', () => {
  it('finds nothing of another by any route, form or parameter', async () => {
    const { ids, ground } = attacked;
    const [name, other] = [ground.stream('running').name, ground.stream('journeys').name];
    const others = [rows, journeys].flatMap((at) => ids.ben.map((id) => `${at}/${id}`));
    const lists = ['', `?user_id=${BEN}`, '?order=desc', '?limit=1000', '?csv=spreadsheet'].map(
      (query) => rows + query,
    );
    const found = ['from_index=0', 'from_index=-6', 'at=2020-01-01T00:00:00Z', 'index=-1', 'index=0', 'index=5'];
    const asked = [
      ...[...others, ...lists, journeys, `${journeys}?mode=ride`],
      ...found.map((query) => `${events}?${query}`),
      ...ids.ben.map((id) => `${events}?event_id=${id}`),
      ...[stats, `${stats}&user_id=${BEN}`, `${stats}&window=1d`, `${stats}&window=1d&compare=previous`],
      ...['csv', 'ndjson'].flatMap((form) => [`${exported}${name}.${form}`, `${exported}${other}.${form}`]),
    ];
    const forms = ['application/json', 'application/x-ndjson', 'text/csv'];

    const all = await inTurns(
      asked.flatMap((url) => forms.map((accept) => () => attacked.ask(url, 'ada', { headers: { accept } }))),
    );

    for (const { status, text, headers } of all) {
      expect(status).toBeLessThan(500);
      const said = text + JSON.stringify([...headers]);
      // A refusal may repeat what was asked for; an answer may not know it.
      if (status < 400) for (const secret of [BEN, ...ids.ben]) expect(said).not.toContain(secret);
    }
    const lookups = all.slice(0, others.length * forms.length);
    expect(new Set(lookups.map(({ status }) => status))).toEqual(new Set([404]));
    expect(all.filter(({ status, text }) => status === 200 && text.includes(ADA)).length).toBeGreaterThan(20);
  });

  it('learns by HEAD no more than by GET', async () => {
    const urls = attacked.ids.ben.flatMap((id) => [`${rows}/${id}`, `${journeys}/${id}`, `${events}?event_id=${id}`]);

    const heads = await Promise.all(urls.map((url) => attacked.ask(url, 'ada', { method: 'HEAD' })));

    expect(new Set(heads.map(({ status }) => status))).toEqual(new Set([404]));
  });

  it('gets the same answer for what is another’s as for what is not there', async () => {
    const [hidden, absent] = [attacked.ids.ben[0] ?? '', crypto.randomUUID()];
    const answer = async (url: string, id: string) => {
      const { status, text, headers } = await attacked.ask(url + id, 'ada');
      const { trace_id: _, ...problem } = JSON.parse(text);
      return [status, JSON.stringify(problem).replaceAll(id, 'ID'), headers.get('content-type'), headers.get('link')];
    };

    for (const url of [`${rows}/`, `${events}?event_id=`])
      expect(await answer(url, hidden)).toEqual(await answer(url, absent));
  });

  it('pages through its own, and no Link leads to another’s', async () => {
    const own = await pages(`${rows}?limit=1`, 'ada');
    const numbered = await pages(`${events}?from_index=0&limit=1`, 'ada');

    expect(own.flatMap((text) => JSON.parse(text)).map(({ user_id }) => user_id)).toEqual([ADA, ADA, ADA]);
    expect(numbered.flatMap((text) => JSON.parse(text)).map(({ user_id }) => user_id)).toEqual([ADA, ADA, ADA]);
  });

  it('gets nothing by a cursor that another was given', async () => {
    const { ask } = attacked;
    const [list, question] = [`${rows}?limit=1`, `${stats}&limit=1`];
    const readers = [
      nextOf(list, (await ask(list, 'reader')).headers),
      nextOf(question, (await ask(question, 'reader')).headers),
    ];

    const taken = await Promise.all(readers.map((url) => ask(url ?? '', 'ada')));

    expect(readers).not.toContain(undefined);
    for (const { text } of taken) expect(text).not.toContain(BEN);
    expect(taken[1]?.status).toBe(400);
  });
});

describe('a cursor', () => {
  it('of rows is refused with any byte changed', async () => {
    const url = new URL(nextOf(rows, (await attacked.ask(`${rows}?limit=1`, 'ada')).headers) ?? '');
    const cursor = url.searchParams.get('cursor') ?? '';

    const statuses = await Promise.all(
      [...cursor].map(async (letter, index) => {
        const forged = cursor.slice(0, index) + (letter === 'A' ? 'B' : 'A') + cursor.slice(index + 1);
        url.searchParams.set('cursor', forged);
        return (await attacked.ask(url.href, 'ada')).status;
      }),
    );

    expect(cursor.length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([400]));
  });

  it('of a question that was made by hand shows no more than the question', async () => {
    const url = new URL(nextOf(stats, (await attacked.ask(`${stats}&limit=1`, 'reader')).headers) ?? '');
    const [hash, ...rest] = JSON.parse(Buffer.from(url.searchParams.get('cursor') ?? '', 'base64url').toString());
    const forge = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const forged = [
      forge(hash, ...rest),
      forge('', ...rest),
      forge(hash, 0, '99999', '0', 0, rest.at(-1)),
      forge(null),
    ];

    for (const cursor of forged) {
      url.searchParams.set('cursor', cursor);
      const { status, text } = await attacked.ask(url.href, 'ada');
      expect(status).toBe(400);
      expect(text).not.toContain(BEN);
    }
  });
});

describe('a route of administration (API5: function level)', () => {
  it('is for admin alone, and admin is for nothing else', async () => {
    const all = (await attacked.operations()).filter(
      ({ url }) => !/well-known|docs|live|healthz|readyz|openapi|token|revoke|introspect/.test(url),
    );

    const statuses = await Promise.all(
      all.map(async ({ name, method, url, isAdmin }) => {
        const worker = (await attacked.ask(url, 'worker', { method })).status;
        const operator = (await attacked.ask(url, 'operator', { method })).status;
        return [name, isAdmin ? worker : operator, (isAdmin ? operator : worker) === 403];
      }),
    );

    expect(all.filter(({ isAdmin }) => isAdmin).length).toBeGreaterThanOrEqual(7);
    expect(statuses).toEqual(all.map(({ name }) => [name, 403, false]));
  });
});

describe('an answer (API8: misconfiguration)', () => {
  it('opens nothing to other origins, names no part of ours, and holds no stack, on every route', async () => {
    const all = await attacked.operations();
    const paths = ['/nothing', '/%zz', '/docs/..%2f..%2fpackage.json', '/export/..%2f..%2fetc%2fpasswd', '/__proto__'];
    const urls = [
      ...all.map(({ method, url }) => ({ method, url })),
      ...all.map(({ url }) => ({ method: 'OPTIONS', url })),
      ...serviceNames.flatMap((name) => paths.map((path) => ({ method: 'GET', url: attacked.platform[name] + path }))),
    ];
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };

    for (const client of [undefined, 'worker', 'operator'] as const)
      for (const { method, url } of urls) {
        // Stays open for who may follow.
        if (client === 'worker' && url.endsWith('/stats/live')) continue;
        const signal = AbortSignal.timeout(20_000);
        const { headers, text, status } = await attacked.ask(url, client, { method, headers: preflight, signal });
        const names = [...headers.keys()].filter((name) => /^(access-control|server|x-powered|set-cookie)/.test(name));
        expect([url, names, status < 500]).toEqual([url, [], true]);
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
        if (!url.includes('/docs')) expect(text).not.toMatch(/node_modules|\bat \S+ \(|root:x:|"private": true/);
      }
  });
});

describe('a request', () => {
  it('can not end a header or a line of an answer, nor of the log', async () => {
    const [crlf, forged] = ['%0d%0aset-cookie:a=1%0d%0a', '%0a{"level":"fatal","msg":"forged"}'];
    const urls = [
      `${rows}/${crlf}`,
      `${rows}?cursor=${crlf}`,
      `${events}?event_id=${crlf}`,
      `${stats}&order_by=${forged}`,
    ];
    const answers = await Promise.all([
      ...urls.map((url) => attacked.ask(url, 'reader')),
      attacked.post('running', {}, 'phone', { 'idempotency-key': crlf }),
      attacked.post('running', { event_id: 'a\r\nset-cookie: a=1' }, 'phone'),
      attacked.post('running', '\r\n\u001b[31m{"level":"fatal","msg":"forged"}', 'phone'),
    ]);

    for (const { status, headers } of answers) {
      expect([400, 404]).toContain(status);
      expect(headers.has('set-cookie')).toBe(false);
    }
    for (const service of serviceNames)
      expect(attacked.platform.linesOf(service).filter(({ msg }) => msg === 'forged')).toEqual([]);
  });

  it('is one request to everybody: two lengths, two tokens and folded lines are refused', async () => {
    const { port } = new URL(attacked.platform.receiver);
    const head = (...lines: string[]) =>
      `POST ${new URL(rows).pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('\r\n')}\r\n\r\n{}`;
    const bearer = (client: ClientName) => `Authorization: Bearer ${attacked.tokenOf(client)}`;

    for (const text of [
      head('Content-Length: 2', 'Content-Length: 9'),
      head('Content-Length: 2', 'Transfer-Encoding: chunked'),
      head('Content-Length: 2', 'X: a', ' Authorization: b'),
      head('Content-Length: 2', bearer('ada'), bearer('phone')),
    ]) {
      const socket = await rawSocket(attacked.platform.receiver);
      socket.send(text);
      expect(parseAnswer(await socket.received).status).toBe(400);
    }
  });

  it('gives no object a property that it did not have', async () => {
    const polluting =
      '{"__proto__":{"scopes":["admin"],"isAdmin":true},"constructor":{"prototype":{"admin":true}},"grant_type":"client_credentials"}';
    const json = { method: 'POST', body: polluting, headers: { 'content-type': 'application/json' } };
    const { auth, storage, receiver } = attacked.platform;

    const answers = await Promise.all([
      attacked.post('running', polluting, 'phone'),
      ...['/token', '/revoke', '/introspect'].map((path) => attacked.ask(auth + path, undefined, json)),
      attacked.ask(`${storage}/dead-letters/redrive`, 'operator', json),
      attacked.ask(`${rows}?__proto__[admin]=1&constructor=1&toString=1`, 'reader'),
      attacked.ask(`${stats}&__proto__=1&constructor=1`, 'reader'),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([400, 401, 400, 400, 400, 400, 400]);
    expect((await attacked.ask(`${receiver}/metrics`)).status).toBe(401);
    expect((await attacked.ask(`${storage}/dead-letters`, 'phone')).status).toBe(403);
  });

  it('has nothing fetched that it names (API7)', async () => {
    const asked: string[] = [];
    const bait = await serveTiny((req, res) => void res.end(asked.push(req.url ?? '')));
    const event = {
      specversion: '1.0',
      id: bait.url,
      source: bait.url,
      type: bait.url,
      dataschema: `${bait.url}/schema`,
    };
    const header = { alg: 'EdDSA', typ: 'at+jwt', jku: bait.url, x5u: bait.url, kid: bait.url };
    const token = jwt(header, { iss: bait.url }, hmac('x'));

    const { status } = await attacked.post('running', { ...event, data: {} }, 'phone', {
      'content-type': 'application/cloudevents+json',
    });
    const headers = { authorization: `Bearer ${token}`, forwarded: `host=${bait.url}`, referer: bait.url };
    const refused = await Promise.all(
      serviceNames.map(
        async (name) => (await attacked.ask(`${attacked.platform[name]}/metrics`, undefined, { headers })).status,
      ),
    );
    await bait.close();

    expect([status, ...refused]).toEqual([400, ...serviceNames.map(() => 401)]);
    expect(asked).toEqual([]);
  });
});
