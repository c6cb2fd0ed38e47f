import type { ServiceDeclaration } from '@millrace/core/services/service-declaration';
import { serviceNames } from '@millrace/core/services/services';

/** What every service of the table says of itself, in the table's order. */
export const serviceDeclarations: readonly ServiceDeclaration[] = await Promise.all(
  serviceNames.map(async (name) => {
    const { service }: { readonly service: ServiceDeclaration } = await import(`../${name}/service.ts`);
    return service;
  }),
);
