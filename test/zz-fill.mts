// runs the blocks of pages on a platform of its own and prints what they answer
import { readFile, writeFile } from 'node:fs/promises';
import { services } from '@millrace/core/services/services';
import { asPathSays, openEndpoint } from '@millrace/testing/endpoint';
import { documentExamples } from '/tmp/h/deliver/test/document-examples.ts';
import { startOwnPlatform } from '/tmp/h/deliver/test/own-platform.ts';
import { createPageShell } from '/tmp/h/deliver/test/page-shell.ts';
const platform = await startOwnPlatform({ env: { SIMULATOR_GROWTH_SECONDS: '0' } });
const endpoint = await openEndpoint(); endpoint.behave(asPathSays);
let out = '';
try {
  await platform.make('demo', 'MONTH=2025-03');
  for (const file of ['docs/rewards.md', 'docs/deliveries.md']) {
    endpoint.clear(); endpoint.behave(asPathSays);
    const run = createPageShell({ cwd: '/tmp/h/deliver', env: platform.env });
    const host = new URL(endpoint.url).host;
    for (const { command } of documentExamples(await readFile(file, 'utf8'))) {
      if (/localhost:(8082|9000)|deliveries\/\$ID$/.test(command)) await new Promise((r) => setTimeout(r, 4000));
      const text = services.map(({ name, port }) => [`localhost:${port}`, platform.urls[name]]).concat([['localhost:9000', host]]).reduce((t, [a, b]) => t.replaceAll(a, b), command);
      const answer = await run(text).catch((e) => `FAILED ${e}`);
      out += `### ${command}\n${answer.replaceAll(host, 'localhost:9000')}\n`;
      await writeFile('/tmp/h/page.out', out);
    }
  }
} finally { await endpoint.close(); await platform.close(); }
