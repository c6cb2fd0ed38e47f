import { setTimeout as pause } from 'node:timers/promises';

const CLIENTS = 2;
/** A client's pause between two searches: latency is measured, not how many searches there can be. */
const PAUSE_MS = 20;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse('2026-01-01T00:00:00Z');
const FILTERS = ['', '', '&available=true', '&provider=provider-1'];

/** Searches of a week of two years, one after another by each client, until it is over; answers how long each took, in milliseconds. */
export async function searchUntil(url: string, isOver: () => boolean): Promise<number[]> {
  return (await Promise.all(Array.from({ length: CLIENTS }, () => search(url, isOver)))).flat();
}

async function search(url: string, isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!isOver()) {
    const from = FIRST_DAY + Math.floor(Math.random() * 720) * DAY_MS;
    const [starts, ends] = [from, from + 7 * DAY_MS].map((day) => new Date(day).toISOString());
    const filter = FILTERS[times.length % FILTERS.length] ?? '';
    const began = performance.now();
    const response = await fetch(`${url}/v1/events/search?starts_at=${starts}&ends_at=${ends}${filter}`);
    await response.text();
    if (!response.ok) throw new Error(`a search was answered with ${response.status}`);
    times.push(performance.now() - began);
    await pause(PAUSE_MS);
  }
  return times;
}
