const WRITE_BYTES = 65_536;
const PLANS = 8;
const ZONES = ['Platea', 'Grader&#xED;a', 'Palco', 'Anfiteatro'];
const two = (n: number) => String(n).padStart(2, '0');

const zoneText = (zone: number) =>
  `<zone zone_id="${40 + zone}" capacity="${100 + zone}" price="${20 + zone}.50" name="${ZONES[zone]}" numbered="false"/>\n`;
const zonesText = ZONES.map((_, zone) => zoneText(zone)).join('');
const plansText = Array.from({ length: PLANS }, (_, plan) => {
  const [start, end] = [`2026-06-${two(plan + 1)}T21:00:00`, `2026-06-${two(plan + 1)}T23:00:00`];
  const times = `plan_start_date="${start}" plan_end_date="${end}" sell_from="2026-05-01T00:00:00" sell_to="${start}"`;
  return `<plan plan_id="${plan}" ${times} sold_out="false">\n${zonesText}</plan>\n`;
}).join('');
const rest = `" sell_mode="online" organizer_company_id="1" title="Camela en concierto">\n${plansText}</base_plan>\n`;

/** A feed of a size, made as it is asked for: it takes neither disk nor memory, and next to no time to make. */
export function* largeFeed(bytes: number): Generator<Buffer> {
  let text = '<?xml version="1.0" encoding="UTF-8"?>\n<planList version="1.0">\n<output>\n';
  let written = 0;
  for (let id = 1; written < bytes; id += 1) {
    text += `<base_plan base_plan_id="${id}${rest}`;
    if (text.length < WRITE_BYTES) continue;
    yield Buffer.from(text);
    written += text.length;
    text = '';
  }
  yield Buffer.from(`${text}</output>\n</planList>\n`);
}
