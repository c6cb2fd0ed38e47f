import { SaxesParser } from 'saxes';

/** A feed read by `fetch` and parsed by saxes, and nothing done with what comes out. Prints `{"ms": …}`. Argument: address. */
const [url = ''] = process.argv.slice(2);

const parser = new SaxesParser();
let elements = 0;
parser.on('opentag', () => {
  elements += 1;
});
const decoder = new TextDecoder();
const start = performance.now();
const { body } = await fetch(url);
if (!body) throw new Error('the feed has no body');
for await (const chunk of body) {
  parser.write(decoder.decode(chunk, { stream: true }));
}
parser.close();
const ms = performance.now() - start;
if (elements === 0) throw new Error('the feed has no elements');
process.stdout.write(`${JSON.stringify({ ms })}\n`);
