/** A cell of RFC 4180; what is not quoted and empty is null. */
export type Cell = string | null;

/** The lines of a CSV text, as any reader of RFC 4180 has them. */
export function readCsv(text: string): Cell[][] {
  const lines: Cell[][] = [];
  let line: Cell[] = [];
  for (let at = 0; at < text.length; ) {
    const quoted = text[at] === '"';
    let cell = '';
    if (quoted) {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        if (text[at] === '"') at += 1;
        cell += text[at];
      }
      at += 1;
    } else {
      const end = /[,\r]/.exec(text.slice(at))?.index ?? text.length - at;
      cell = text.slice(at, at + end);
      at += end;
    }
    line.push(cell === '' && !quoted ? null : cell);
    if (text[at] === ',') {
      at += 1;
      if (text[at] === '\r') line.push(null);
    }
    if (text[at] === '\r') {
      at += 2;
      lines.push(line);
      line = [];
    }
  }
  return lines;
}
