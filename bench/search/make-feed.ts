const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse('2026-01-01T00:00:00Z');
const PLANS = 5;
const two = (n: number) => String(n).padStart(2, '0');

/** The feed of a third of the listings, each with five plans, spread over two years. Every other listing differs between versions, in titles and prices. */
export function makeFeed(provider: number, listings: number, version: number): Buffer {
  const texts = ['<?xml version="1.0" encoding="UTF-8"?>\n<planList version="1.0">\n<output>\n'];
  for (let n = provider; n < listings; n += 3) texts.push(listingText(n, n % 2 === 0 ? 0 : version));
  texts.push('</output>\n</planList>\n');
  return Buffer.from(texts.join(''));
}

function listingText(n: number, version: number): string {
  const plans = Array.from({ length: PLANS }, (_, index) => planText(n, index, version));
  return `<base_plan base_plan_id="${n}" sell_mode="online" title="Listing ${n} at ${version}">\n${plans.join('')}</base_plan>\n`;
}

/** The last of each five is not sold online. */
function planText(n: number, index: number, version: number): string {
  const date = new Date(FIRST_DAY + ((n * 37 + index * 11) % 730) * DAY_MS).toISOString().slice(0, 10);
  const hour = 8 + ((n + index) % 12);
  const mode = index === PLANS - 1 ? 'offline' : 'online';
  const times = `plan_start_date="${date}T${two(hour)}:00:00" plan_end_date="${date}T${two(hour + 2)}:30:00"`;
  const zones = [0, 1].map(
    (zone) =>
      `<zone zone_id="${zone}" name="Zone ${zone}" capacity="100" price="${10 + ((n + version + zone) % 50)}.50" numbered="false"/>\n`,
  );
  return `<plan plan_id="${n}-${index}" sell_mode="${mode}" ${times} sold_out="false">\n${zones.join('')}</plan>\n`;
}
