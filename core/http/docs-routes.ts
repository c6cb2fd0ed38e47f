import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Route } from './route-table.ts';
import { policyConnectingTo } from './security-headers.ts';

const swaggerUi = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const CACHED_FOR = '1d';

/** Everything comes from this service: the page works without the internet and under a strict Content-Security-Policy. */
const page = (title: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png">
    <link rel="stylesheet" href="docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/**
 * `/docs`: Swagger UI over the service's own `/openapi.json`.
 * @param tokenOrigin where the page may ask for tokens, besides its own origin
 */
export const docsRoutes = (name: string, tokenOrigin?: string): Route[] => [
  {
    method: 'get',
    path: '/docs',
    access: 'public',
    handler: (_req, res) => {
      if (tokenOrigin !== undefined) res.set('content-security-policy', policyConnectingTo(tokenOrigin));
      res.type('html').send(page(`Millrace ${name}`));
    },
  },
  {
    method: 'get',
    path: '/docs/start.js',
    access: 'public',
    handler: (_req, res) => void res.type('js').send(START),
  },
  ...ASSETS.map(
    (file): Route => ({
      method: 'get',
      path: `/docs/${file}`,
      access: 'public',
      handler: (_req, res) => res.sendFile(join(swaggerUi, file), { maxAge: CACHED_FOR }),
    }),
  ),
];
