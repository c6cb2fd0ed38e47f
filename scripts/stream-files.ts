import { asyncapiOf } from '@millrace/core/openapi/asyncapi-of';
import { platformOpenapi } from '@millrace/core/openapi/openapi-of';
import { recordTypes } from '@millrace/core/openapi/record-types';
import { routesOf } from '@millrace/core/schema/routes-of';
import type { Stream } from '@millrace/core/schema/stream';
import { authSettings } from './auth-settings.ts';
import { code, table } from './markdown.ts';
import { serviceDeclarations } from './service-declarations.ts';
import { streamPage, typesPath } from './stream-page.ts';

/** Everything written from the schema files, by its path from the repository's root. */
export const streamFiles = (streams: readonly Stream[]): Readonly<Record<string, string>> => ({
  'docs/openapi.json': pretty(platformOpenapi(serviceDeclarations, streams, authSettings)),
  'docs/asyncapi.json': pretty(asyncapiOf(streams)),
  'docs/streams/README.md': streamIndex(streams),
  ...Object.fromEntries(
    streams.flatMap((stream) => [
      [`docs/streams/${stream.name}.md`, streamPage(stream)],
      [`schemas/generated/${typesPath(stream)}`, recordTypes(stream)],
    ]),
  ),
});

function streamIndex(streams: readonly Stream[]) {
  const rows = streams.map((stream) => [
    `[${stream.name}](${stream.name}.md)`,
    routesOf(stream).map(code).join(', '),
    stream.doc,
  ]);
  return `# The streams\n\n${table(['stream', 'route', 'holds'], rows)}\n`;
}

const pretty = (document: object) => `${JSON.stringify(document, null, 2)}\n`;
