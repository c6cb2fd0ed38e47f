import * as Plot from '@observablehq/plot';
import { colours, drawSvg } from './draw-svg.ts';

/** A row of an answer of `GET /stats`. */
export type Row = Readonly<Record<string, unknown>>;

const ZONE = 'Europe/London';
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const number = (row: Row, column: string) => Number(row[column]);
const km = (row: Row, column = 'sum(distance)') => number(row, column) / 1_000;
const minutes = (row: Row, column: string) => number(row, column) / 60;
const person = (row: Row) => String(row.user_id).slice(0, 8);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const inBrief = (value: number) => value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');

const LENGTHS = { least: 'shortest', usual: 'usual (p50)', long: 'long (p95)' };

/** Where the clock stood in the zone of the questions when a window began. */
function clock(row: Row) {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: ZONE, weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', hourCycle: 'h23' },
  });
  const parts = format.formatToParts(Date.parse(String(row.window_start)));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const weekday = part('weekday');
  const weekend = weekday === 'Sat' || weekday === 'Sun';
  return { weekday, weekend, hour: Number(part('hour')), date: `${part('day')} ${part('month')}` };
}

function distancePerDay(rows: readonly Row[]): string {
  const days = rows.map((row) => ({ ...clock(row), km: km(row) }));
  const means = [true, false].map((weekend) => ({
    weekend,
    km: mean(days.filter((day) => day.weekend === weekend).map((day) => day.km)),
  }));
  const colour = ({ weekend }: { weekend: boolean }) => (weekend ? colours.strong : colours.plain);
  return drawSvg('Kilometres run on each day of March 2025, weekends apart', {
    marginRight: 128,
    x: {
      domain: days.map(({ date }) => date),
      label: null,
      tickSize: 0,
      ticks: days.filter(({ weekday }) => weekday === 'Mon').map(({ date }) => date),
    },
    y: { label: 'km run by everybody', grid: true, tickSize: 0 },
    marks: [
      Plot.barY(days, { x: 'date', y: 'km', fill: colour, rx: 2 }),
      Plot.ruleY(means, { y: 'km', stroke: colour, strokeDasharray: '4 3', strokeWidth: 1.5 }),
      Plot.text(means, {
        y: 'km',
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 6,
        fill: colour,
        text: (each) => `${each.weekend ? 'weekend' : 'weekday'}: ${inBrief(each.km)} km`,
      }),
      Plot.ruleY([0]),
    ],
  });
}

function topTen(rows: readonly Row[]): string {
  return drawSvg('The ten who ran furthest in March 2025', {
    marginLeft: 84,
    marginRight: 132,
    x: { label: 'km in the month', grid: true, tickSize: 0 },
    y: { label: null, domain: rows.map(person), tickSize: 0 },
    marks: [
      Plot.barX(rows, { x: (row: Row) => km(row), y: person, fill: colours.plain, rx: 2 }),
      Plot.text(rows, {
        x: (row: Row) => km(row),
        y: person,
        textAnchor: 'start',
        dx: 6,
        text: (row: Row) => `${inBrief(km(row))} km in ${row.count} runs`,
      }),
    ],
  });
}

function hoursOfTheWeek(rows: readonly Row[]): string {
  const runs = new Map<string, number>();
  for (const row of rows) {
    const { weekday, hour } = clock(row);
    runs.set(`${weekday} ${hour}`, (runs.get(`${weekday} ${hour}`) ?? 0) + number(row, 'count'));
  }
  const cells = WEEKDAYS.flatMap((weekday) =>
    Array.from({ length: 24 }, (_, hour) => ({ weekday, hour, runs: runs.get(`${weekday} ${hour}`) ?? 0 })),
  );
  const some = cells.filter((cell) => cell.runs > 0);
  const most = Math.max(...cells.map((cell) => cell.runs));
  return drawSvg('Runs by weekday and hour', {
    height: 280,
    x: { label: 'hour of the day in London', labelAnchor: 'center', tickSize: 0 },
    y: { label: null, domain: WEEKDAYS, tickSize: 0 },
    color: { scheme: 'YlGnBu', domain: [0, most] },
    marks: [
      Plot.cell(cells, { x: 'hour', y: 'weekday', fill: colours.empty, inset: 1, rx: 2 }),
      Plot.cell(some, { x: 'hour', y: 'weekday', fill: 'runs', inset: 1, rx: 2 }),
      Plot.text(some, {
        x: 'hour',
        y: 'weekday',
        text: 'runs',
        fill: (cell) => (cell.runs > most / 2 ? '#fff' : colours.text),
      }),
    ],
  });
}

function artists(rows: readonly Row[]): string {
  return drawSvg('Songs heard by artist, and by how many people', {
    marginLeft: 176,
    marginRight: 80,
    x: { label: 'songs heard', grid: true, tickSize: 0 },
    y: { label: null, domain: rows.map(({ artist }) => String(artist)), tickSize: 0 },
    marks: [
      Plot.barX(rows, { x: 'count', y: 'artist', fill: colours.plain, rx: 2 }),
      Plot.text(rows, {
        x: 'count',
        y: 'artist',
        textAnchor: 'start',
        dx: 6,
        text: (row: Row) => `${row['count_distinct(user_id)']} people`,
      }),
    ],
  });
}

function weekByWeek(rows: readonly Row[]): string {
  const weeks = rows.map((row) => {
    const previous = km(Object(row.previous));
    const change = (100 * km(Object(row.change))) / previous;
    return { week: `week of ${clock(row).date}`, km: km(row), previous, change };
  });
  return drawSvg('Kilometres per week beside the week before', {
    height: 260,
    marginLeft: 112,
    marginRight: 96,
    x: { label: 'km run by everybody; behind it the week before', grid: true, tickSize: 0 },
    y: { label: null, domain: weeks.map(({ week }) => week), tickSize: 0, padding: 0.25 },
    marks: [
      Plot.barX(weeks, { x: 'previous', y: 'week', fill: colours.quiet, rx: 2 }),
      Plot.barX(weeks, { x: 'km', y: 'week', fill: colours.plain, insetTop: 12, insetBottom: 12, rx: 2 }),
      Plot.text(weeks, {
        x: ({ km: now, previous }) => Math.max(now, previous),
        y: 'week',
        textAnchor: 'start',
        dx: 6,
        fontWeight: 600,
        fill: ({ change }) => (change < 0 ? colours.strong : colours.plain),
        text: ({ change }) => `${change < 0 ? '▼' : '▲'} ${Math.abs(change).toFixed(1)} %`,
      }),
    ],
  });
}

function lengthOfARun(rows: readonly Row[]): string {
  const people = rows.map((row) => ({
    person: person(row),
    least: minutes(row, 'min(duration)'),
    usual: minutes(row, 'p50(duration)'),
    long: minutes(row, 'p95(duration)'),
  }));
  return drawSvg("Each person's shortest, usual and long run", {
    height: 680,
    marginLeft: 84,
    x: { label: 'minutes', grid: true, tickSize: 0, domain: [0, Math.max(...people.map(({ long }) => long)) * 1.05] },
    y: { label: null, domain: people.map((each) => each.person), tickSize: 0 },
    marks: [
      Plot.ruleY(people, { y: 'person', x1: 'least', x2: 'long', stroke: colours.quiet, strokeWidth: 4 }),
      Plot.tickX(people, { y: 'person', x: 'long', stroke: colours.strong, strokeWidth: 2 }),
      Plot.dot(people, { y: 'person', x: 'usual', r: 4, fill: colours.plain }),
      ...(['least', 'usual', 'long'] as const).map((x) =>
        Plot.text(people.slice(0, 1), { y: 'person', x, dy: -16, text: () => LENGTHS[x] }),
      ),
    ],
  });
}

/** The plots of the page of questions, by the name of their file. */
export const questionPlots: Readonly<Record<string, (rows: readonly Row[]) => string>> = {
  'distance-per-day': distancePerDay,
  'top-ten': topTen,
  'hours-of-the-week': hoursOfTheWeek,
  artists,
  'week-by-week': weekByWeek,
  'length-of-a-run': lengthOfARun,
};
