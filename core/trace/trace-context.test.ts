import { describe, expect, it } from 'vitest';
import { parseTraceparent, traceOf } from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceOf', () => {
  it('continues a valid traceparent with a span of its own', () => {
    const { traceId, traceparent } = traceOf(`00-${TRACE}-${SPAN}-01`);

    expect(traceId).toBe(TRACE);
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(traceparent).not.toContain(SPAN);
  });

  it('keeps whether the trace is sampled, and no other flag', () => {
    expect(traceOf(`00-${TRACE}-${SPAN}-00`).traceparent).toMatch(/-00$/);
    expect(traceOf(`00-${TRACE}-${SPAN}-03`).traceparent).toMatch(/-01$/);
  });

  it('reads a later version as far as version 00 goes', () => {
    expect(traceOf(`cc-${TRACE}-${SPAN}-01-what-comes-later`).traceId).toBe(TRACE);
  });

  it.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['several', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
    ['several joined by node', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['an all-zero trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['an all-zero span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version 00 with more', `00-${TRACE}-${SPAN}-01-more`],
    ['a later version with more but no dash', `cc-${TRACE}-${SPAN}-01more`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ])('starts a new trace for %s', (_, header) => {
    const { traceId, traceparent } = traceOf(header);

    expect(traceId).not.toBe(TRACE);
    expect(traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  });

  it('draws ten thousand ids without a repeat', () => {
    const traces = Array.from({ length: 10_000 }, () => traceOf(undefined));

    expect(new Set(traces.map(({ traceId }) => traceId)).size).toBe(10_000);
    expect(new Set(traces.map(({ traceparent }) => traceparent.slice(36, 52))).size).toBe(10_000);
  });
});

it('reads a traceparent, and takes nothing else for one', () => {
  const [traceId, parentId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

  expect(parseTraceparent(`00-${traceId}-${parentId}-01`)).toEqual({ traceId, parentId, sampled: true });
  expect(parseTraceparent(`cc-${traceId}-${parentId}-00-more`)).toEqual({ traceId, parentId, sampled: false });
  for (const text of [
    '',
    'x',
    `00-${traceId}-${parentId}-01-more`,
    `ff-${traceId}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
  ])
    expect(parseTraceparent(text)).toBeUndefined();
});
