import type { Request } from './route-table.ts';

/** A part of the path, as text. */
export const pathParameter = ({ params }: Request, name: string): string => String(params[name] ?? '');
