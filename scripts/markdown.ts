/** Pieces of Markdown for generated pages. */

export const table = (header: readonly string[], rows: readonly (readonly string[])[]) =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
const escaped = (cell: string) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
export const code = (text: string) => `\`${text}\``;
export const shell = (line: string) => `\`\`\`sh\n${line}\n\`\`\``;
export const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
