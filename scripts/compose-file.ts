import { type ServiceRow, services } from '@millrace/core/services/services';

/** In its container every service listens here; only the port that it is published on differs. */
const INSIDE = 8081;
const UNSET = 'is not set; give it a line in .env once, as docs/docker.md shows';
const REGION = /( *)# begin: written by npm run generate\n[\s\S]*?( *# end\n)/g;

/**
 * The compose file with its two generated regions written again: the containers of the services, and the volumes of those
 * that keep data.
 */
export function composeFile(committed: string, rows: readonly ServiceRow[] = services): string {
  const regions = [
    rows.map(containerOf).join('\n'),
    rows
      .filter(({ keepsData }) => keepsData)
      .map(({ name }) => `  ${name}:\n`)
      .join(''),
  ];
  return committed.replace(
    REGION,
    (_, indent: string, end: string) => `${indent}# begin: written by npm run generate\n${regions.shift() ?? ''}${end}`,
  );
}

function containerOf({ name, portVariable, port, memory, keepsData, needs = [], takes = [] }: ServiceRow): string {
  const given = [
    ...needs.map((variable) => `${variable}: "\${${variable}:?${UNSET}}"`),
    ...takes.map((variable) => `${variable}: "\${${variable}:-}"`),
  ];
  const environment = ['<<: *environment', `${portVariable}: "${INSIDE}"`, `ALLOWED_HOSTS: ${name}`, ...given];
  return `  ${name}:
    <<: *service
    command: ["node", "${name}/dist/main.js"]
    mem_limit: ${memory}m
    environment:${inBraces(environment)}
    ports: ["127.0.0.1:\${${portVariable}:-${port}}:${INSIDE}"]
${keepsData ? `    volumes:\n      - ./schemas:/schemas:ro\n      - ${name}:/var/lib/millrace\n` : ''}`;
}

const WIDTH = 120;

/** As the formatter has it: behind its name, on a line of its own, or a line for each entry, whichever fits first. */
function inBraces(entries: readonly string[]): string {
  const line = `{ ${entries.join(', ')} }`;
  if ('    environment: '.length + line.length <= WIDTH) return ` ${line}`;
  if ('      '.length + line.length <= WIDTH) return `\n      ${line}`;
  return `\n      {\n${entries.map((entry) => `        ${entry},\n`).join('')}      }`;
}
