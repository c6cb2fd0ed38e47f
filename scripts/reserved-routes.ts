import { serviceEndpoints } from '@millrace/core/openapi/service-endpoints';
import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';

/** A module with the routes that services have without any stream: `core/schema` refuses streams by it, and knows no service. */
export function reservedRoutes(declarations: readonly ServiceDeclaration[]): string {
  const endpoints = [...declarations.flatMap((service) => service.endpoints([])), ...serviceEndpoints([])];
  const paths = [...new Set(endpoints.map(({ path }) => path))].sort();
  return [
    '// Written by npm run generate, from the services’ own declarations.',
    'export const reservedRoutes: readonly string[] = [',
    ...paths.map((path) => `  '${path}',`),
    '];',
    '',
  ].join('\n');
}
