import { createServer } from 'node:http';

/** What the receiver is measured beside: node:http, the body parsed as JSON, and an answer of the same kind. */
const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('end', () => {
      const records: unknown = JSON.parse(Buffer.concat(chunks).toString());
      const body = JSON.stringify({ accepted: Array.isArray(records) ? records.length : 1 });
      res.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      res.end(body);
    });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
