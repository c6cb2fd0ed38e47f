import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FeedBasePlan } from './feed-element.ts';
import { FEED_LIMITS, type FeedLimits } from './feed-limits.ts';
import { listingsSettings } from './listings-settings.ts';
import { readBasePlans } from './read-base-plans.ts';

const zone = '<zone zone_id="40" price="20.00"/>';
const plan = `<plan plan_id="1" plan_start_date="2026-06-30T21:00:00">${zone}</plan>`;
const basePlan = (id: string, inside = plan) =>
  `<base_plan base_plan_id="${id}" sell_mode="online" title="Cañón">${inside}</base_plan>`;
const feed = (inside: string, before = '<?xml version="1.0"?>') =>
  `${before}\n<planList><output>\n${inside}\n</output></planList>`;
const SMALL = feed(`${basePlan('1')}\n${basePlan('2')}`);

/** A body that gives its bytes in chunks of a size, over and over where `repeat` says so. */
function bodyOf(bytes: Uint8Array, chunk = 1_000): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + chunk));
      at += chunk;
    },
  });
}

type Told = { readonly contentType?: string; readonly limits?: Partial<FeedLimits>; readonly chunk?: number };

/** What came of a feed before its end or its fault. */
async function readAll(given: string | Uint8Array | ReadableStream<Uint8Array>, told: Told = {}) {
  const bytes = typeof given === 'string' ? Buffer.from(given) : given;
  const body = bytes instanceof ReadableStream ? bytes : bodyOf(bytes, told.chunk);
  const basePlans: FeedBasePlan[] = [];
  let fault: string | undefined;
  try {
    const found = readBasePlans({
      body,
      contentType: told.contentType ?? 'text/xml',
      limits: { ...FEED_LIMITS, ...told.limits },
      signal: new AbortController().signal,
    });
    for await (const each of found) basePlans.push(...each.basePlans);
  } catch (error) {
    fault = error instanceof Error ? `${error.name}: ${error.message}` : 'thrown';
  }
  return { ids: basePlans.map(({ attributes }) => attributes.base_plan_id), basePlans, fault };
}

describe('a feed', () => {
  it('may hold any number of comments with tags between them', async () => {
    const text = feed(`${'<!-- comment -->'.repeat(40_000)}<!-- --><other/>`.repeat(4) + basePlan('1'));

    expect(await readAll(text, { chunk: 65_536 })).toMatchObject({ ids: ['1'], fault: undefined });
  });

  it.each([1, 2, 7, 100_000])('is the same in chunks of %i bytes', async (chunk) => {
    const { basePlans, fault } = await readAll(SMALL, { chunk });

    expect(fault).toBeUndefined();
    expect(basePlans).toMatchObject([
      { line: 3, attributes: { base_plan_id: '1', title: 'Cañón' }, plans: [{ zones: [{ line: 3 }] }] },
      { line: 4, attributes: { base_plan_id: '2' } },
    ]);
  });

  it('may be an eventList', async () => {
    const text =
      '<eventList><output><base_event base_event_id="1"><event event_id="2"><zone zone_id="3"/></event></base_event></output></eventList>';

    const { basePlans } = await readAll(text);

    expect(basePlans).toMatchObject([{ plans: [{ attributes: { event_id: '2' }, zones: [{}] }] }]);
  });

  it('ignores what it does not know, with all that is in it', async () => {
    const unknown = `<extra>${basePlan('7')}</extra><base_event base_event_id="8"/>${basePlan('1', `<note>${plan}</note>${plan}`)}`;

    const { ids, basePlans } = await readAll(feed(unknown));

    expect(ids).toEqual(['1']);
    expect(basePlans[0]?.plans).toHaveLength(1);
  });

  it.each([
    ['CDATA and comments', `<![CDATA[ <plan> & ]]><!-- <base_plan> -->${basePlan('1')}`],
    ['processing instructions', `<?php echo "<plan>" ?>${basePlan('1')}`],
    ['character references', basePlan('1').replace('Cañón', 'Ca&#241;&#xF3;n &amp; &lt;&quot;')],
  ])('may hold %s', async (_what, inside) => {
    expect(await readAll(feed(inside))).toMatchObject({ ids: ['1'], fault: undefined });
  });
});

describe('encodings', () => {
  const declared = (encoding: string) => feed(basePlan('1'), `<?xml version="1.0" encoding="${encoding}"?>`);
  const marked = (text: string, encoding: BufferEncoding) => Buffer.from(`\uFEFF${text}`, encoding);

  it.each([
    ['UTF-8 with a mark', marked(declared('UTF-8'), 'utf8'), 'text/xml'],
    ['UTF-8 that declares something else, with a mark', marked(declared('ISO-8859-1'), 'utf8'), 'text/xml'],
    ['UTF-16LE with a mark', marked(declared('UTF-16'), 'utf16le'), 'text/xml'],
    ['UTF-16BE with a mark', marked(declared('UTF-16'), 'utf16le').swap16(), 'text/xml'],
    ['UTF-16LE without a mark', Buffer.from(declared('UTF-16LE'), 'utf16le'), 'text/xml'],
    ['UTF-16BE without a mark', Buffer.from(declared('UTF-16BE'), 'utf16le').swap16(), 'text/xml'],
    ['declared ISO-8859-1', Buffer.from(declared('ISO-8859-1'), 'latin1'), 'text/xml'],
    ['declared windows-1252', Buffer.from(declared('windows-1252'), 'latin1'), 'text/xml'],
    ['the answer’s charset', Buffer.from(SMALL, 'latin1'), 'text/xml; charset="iso-8859-1"'],
    ['the answer’s charset over the declared one', Buffer.from(declared('UTF-8'), 'latin1'), 'text/xml;charset=latin1'],
  ])('are read: %s', async (_what, bytes, contentType) => {
    for (const chunk of [1, 3, 1_000]) {
      const { basePlans, fault } = await readAll(bytes, { contentType, chunk });

      expect(fault).toBeUndefined();
      expect(basePlans[0]?.attributes.title).toBe('Cañón');
    }
  });

  it.each([
    ['Latin 1 that says it is UTF-8', Buffer.from(SMALL, 'latin1'), 'not utf-8'],
    ['a declared UTF-16 with one byte a character', Buffer.from(declared('UTF-16')), 'one byte'],
    ['an encoding that nobody knows', Buffer.from(declared('KLINGON-8')), 'not known'],
    ['UTF-7', Buffer.from(declared('UTF-7')), 'not known'],
    ['UTF-32', Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from('<\0\0\0')]), 'not known'],
    ['half of a surrogate pair', Buffer.from(`\uFEFF${SMALL.replace('Cañón', '\ud800')}`, 'utf16le'), 'not utf-16le'],
    ['an overlong slash', Buffer.from(SMALL.replace('Cañón', '\xc0\xaf'), 'latin1'), 'not utf-8'],
  ])('are refused: %s', async (_what, bytes, reason) => {
    expect((await readAll(bytes)).fault).toContain(reason);
  });
});

describe('hostile feeds end at the fault', () => {
  const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, at) => `<!ENTITY ${'bcdefghij'[at]} "${'&a;'.repeat(10)}">`).join('')}]>`;

  it.each([
    ['a billion laughs', feed('&j;', laughs), 'DOCTYPE'],
    ['an external entity', feed('&x;', '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), 'DOCTYPE'],
    ['an external subset', feed(basePlan('1'), '<!DOCTYPE l SYSTEM "http://127.0.0.1/x.dtd">'), 'DOCTYPE'],
    ['an entity without a DOCTYPE', feed(basePlan('1').replace('Cañón', '&secret;')), 'entity'],
    ['deep nesting', `<planList><output>${'<plan>'.repeat(200_000)}`, 'deep'],
    ['a huge attribute', feed(basePlan('1').replace('Cañón', 'a'.repeat(3_000_000))), 'characters'],
    ['a huge text', feed('a'.repeat(3_000_000)), 'characters'],
    ['a huge comment', feed(`<!--${'a'.repeat(3_000_000)}-->`), 'characters'],
    ['a huge name', feed(`<${'a'.repeat(3_000_000)}/>`), 'characters'],
    ['a huge internal subset', feed('', `<!DOCTYPE l [${'<!ENTITY a "b">'.repeat(200_000)}`), 'characters'],
    [
      'thousands of attributes',
      feed(`<plan ${Array.from({ length: 5_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`),
      'attributes',
    ],
    ['NUL', feed(basePlan('1').replace('Cañón', 'a\0b')), 'well-formed'],
    ['a reference to NUL', feed(basePlan('1').replace('Cañón', '&#0;')), 'well-formed'],
    ['a reference to half a pair', feed(basePlan('1').replace('Cañón', '&#xD800;')), 'well-formed'],
    ['a duplicate attribute', feed('<base_plan base_plan_id="1" base_plan_id="2"/>'), 'well-formed'],
    ['a tag that is not closed', feed('<base_plan base_plan_id="1">'), 'well-formed'],
    ['two roots', `${SMALL}${SMALL.replace(/^.*\n/, '')}`, 'well-formed'],
    ['a page of HTML', '<html><body>Sorry</body></html>', '<html>'],
    ['JSON', '{"error": "sorry"}', 'well-formed'],
    ['nothing', '', 'empty'],
    ['a feed without output', '<planList version="1.0"/>', 'no output'],
  ])('%s', async (_what, text, reason) => {
    const { fault } = await readAll(text, { chunk: 65_536 });

    expect(fault).toMatch(/^FeedFault: /);
    expect(fault).toContain(reason);
  });

  it('a gzip file that unpacks to a bomb', async () => {
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('<planList><output><plan title="'), Buffer.alloc(100_000_000, 'a')]),
    );

    expect((await readAll(bomb)).fault).toContain('characters');
  });

  it('many small comments, by the size of the feed', async () => {
    const text = feed('<!-- comment -->'.repeat(500_000));

    expect((await readAll(text, { limits: { bytes: 500_000 }, chunk: 65_536 })).fault).toContain('larger than');
  });

  it('many small comments without a tag between them', async () => {
    const text = feed('<!-- comment -->'.repeat(70_000));

    expect((await readAll(text, { chunk: 65_536 })).fault).toContain('characters without a tag');
  });

  it('a base plan of too many parts, which alone is marked', async () => {
    const { basePlans, fault } = await readAll(feed(basePlan('1', plan.repeat(6_000)) + basePlan('2')), {
      chunk: 65_536,
    });

    expect(fault).toBeUndefined();
    expect(basePlans.map(({ isTooLarge }) => isTooLarge)).toEqual([true, false]);
  });

  it('with the line of the fault, after all before it', async () => {
    const { ids, fault } = await readAll(feed(`${basePlan('1')}\n${basePlan('2')}\n<plan <broken>`));

    expect(ids).toEqual(['1', '2']);
    expect(fault).toContain('line 5');
  });
});

it.each(['utf8', 'utf16le'] as const)('a feed that is cut at any byte is never whole: %s', async (encoding) => {
  const bytes = Buffer.from(encoding === 'utf8' ? SMALL : `\uFEFF${SMALL}`, encoding);

  for (let length = 0; length < bytes.length; length += 1) {
    const { fault } = await readAll(bytes.subarray(0, length), { chunk: 64 });

    expect(fault, `cut at ${length}`).toMatch(/^FeedFault: /);
  }
});

it('a gzip file that is cut at any byte is never whole', async () => {
  const bytes = gzipSync(SMALL);

  expect((await readAll(bytes)).ids).toEqual(['1', '2']);
  for (let length = 0; length < bytes.length; length += 1)
    expect((await readAll(bytes.subarray(0, length))).fault, `cut at ${length}`).toMatch(/^FeedFault: /);
});

describe('a provider that', () => {
  it('stops sending is given up', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(SMALL.slice(0, 250))),
    });

    expect((await readAll(body, { limits: { stallMs: 100 } })).fault).toContain(
      'it sent nothing for 0.1 s (LISTING_STALL_SECONDS)',
    );
  });

  it('drips is given up after the whole time', async () => {
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        controller.enqueue(Buffer.from(' '));
      },
    });

    expect((await readAll(body, { limits: { totalMs: 300 } })).fault).toContain(
      'it was not whole after 0.005 min (LISTING_MAX_MINUTES)',
    );
  });

  it('drips for 20 minutes is read whole', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { LISTING_MAX_MINUTES, LISTING_STALL_SECONDS } = listingsSettings.parse({});
    const pieces = SMALL.match(/[\s\S]{1,10}/g) ?? [];
    const everyMs = (20 * 60_000) / pieces.length;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(Buffer.from(piece));
      },
    });
    const limits = { stallMs: LISTING_STALL_SECONDS * 1_000, totalMs: LISTING_MAX_MINUTES * 60_000 };

    let read: Awaited<ReturnType<typeof readAll>> | undefined;
    void readAll(body, { limits }).then((each) => {
      read = each;
    });
    while (!read) {
      await vi.advanceTimersByTimeAsync(1_000);
      await nextTurn();
    }

    expect(read).toMatchObject({ ids: ['1', '2'], fault: undefined });
  });

  it('breaks off says so', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from(SMALL.slice(0, 250)));
        setTimeout(() => controller.error(new TypeError('terminated', { cause: new Error('other side closed') })), 10);
      },
    });

    expect((await readAll(body)).fault).toContain('it broke off: other side closed');
  });
});

it('the event loop turns while a large feed is read', async () => {
  const large = Buffer.from(feed(basePlan('1', plan.repeat(20)).repeat(4_000)));
  let turns = 0;
  let isRead = false;
  async function watch(): Promise<void> {
    while (!isRead) {
      await nextTurn();
      turns += 1;
    }
  }

  const watched = watch();
  const { ids } = await readAll(large, { chunk: large.length });
  isRead = true;
  await watched;

  expect(ids).toHaveLength(4_000);
  expect(turns).toBeGreaterThan(20);
});
