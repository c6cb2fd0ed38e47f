import { asPathSays, openEndpoint } from '@millrace/testing/endpoint';
import { readArguments } from './read-arguments.mjs';

/** An endpoint to try deliveries with, until it is interrupted: `GET` shows what it got. */
const { positionals } = readArguments({
  usage: 'npm run webhook-endpoint [-- port]: takes deliveries on port 9000 or another; /503 answers 503, and so on',
  most: 1,
});
const endpoint = await openEndpoint(Number(positionals[0] ?? 9_000));
endpoint.behave((call, res) => {
  process.stdout.write(`${call.path} ${call.body}\n`);
  return asPathSays(call, res);
});
process.stdout.write(`deliveries may go to ${endpoint.url}\n`);
