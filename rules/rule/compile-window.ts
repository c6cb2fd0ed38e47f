import type { Fault } from '@millrace/core/problem/problem';
import { isInstant, isNumeric, withoutNull } from '@millrace/core/schema/avro-type';
import type { Stream } from '@millrace/core/schema/stream';
import { isTimeZone } from '../expression/find-faults.ts';
import { readable } from '../expression/shape-of-fields.ts';
import type { WindowDefinition } from './definition.ts';
import { parseDuration } from './duration.ts';
import { defaultLateness, type Measure, measures, type Window } from './window.ts';

const MEASURE = /^(?:count|(sum|avg|min|max|distinct)\(([A-Za-z_][A-Za-z0-9_]*)\))$/;
const MOST_LATENESS_MS = 7 * 86_400_000;
const NOT_SINGLE = new Set(['array', 'map', 'record', 'union']);

/** @param names the streams' names as rules know them */
export function compileWindow(
  { over, kind, measure, timezone, lateness }: WindowDefinition,
  streams: readonly Stream[],
  names: readonly string[],
): { readonly window: Window } | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const measured = parseMeasure(measure);
  if (!measured)
    faults.push({
      pointer: '/measure',
      message: `must be count, or one of ${measures.slice(1).join(', ')} of a field`,
    });
  else for (const message of measureFaults(measured, streams)) faults.push({ pointer: '/measure', message });
  if (!isTimeZone(timezone))
    faults.push({ pointer: '/timezone', message: 'must be a time zone such as Europe/Berlin' });
  const latenessMs = lateness === null ? defaultLateness(over) : parseDuration(lateness);
  if (latenessMs === undefined || latenessMs > MOST_LATENESS_MS)
    faults.push({ pointer: '/lateness', message: 'must be like 90s, 15m, 6h or 2d, and at most 7d' });
  if (faults.length > 0 || !measured || latenessMs === undefined) return { faults };
  return { window: { kind, over, measure: measured, timezone, latenessMs, streams: [...names].sort() } };
}

export function parseMeasure(text: string): Measure | undefined {
  const [whole, of, field] = MEASURE.exec(text.replaceAll(' ', '')) ?? [];
  if (whole === 'count') return { of: 'count' };
  const found = measures.find((each) => each === of);
  return found === undefined || found === 'count' || field === undefined ? undefined : { of: found, field };
}

function measureFaults(measure: Measure, streams: readonly Stream[]): string[] {
  if (measure.of === 'count') return [];
  const { of, field: name } = measure;
  return streams.flatMap((stream) => {
    const field = readable(stream.fields).find((each) => each.name === name);
    if (!field) return [`${stream.name} has no field ${name}`];
    const isSingle = !NOT_SINGLE.has(withoutNull(field.type).type.kind);
    const fits = of === 'distinct' ? isSingle : isNumeric(field.type) && !isInstant(field.type);
    return fits ? [] : [`${name} of ${stream.name} is not ${of === 'distinct' ? 'a single value' : 'a number'}`];
  });
}
