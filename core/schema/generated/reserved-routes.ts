// Written by npm run generate, from the services’ own declarations.
export const reservedRoutes: readonly string[] = [
  '/dead-letters',
  '/dead-letters/redrive',
  '/dead-letters/redrives/{id}',
  '/dead-letters/{id}',
  '/docs',
  '/healthz',
  '/metrics',
  '/openapi.json',
  '/readyz',
  '/stats',
  '/stats/live',
];
