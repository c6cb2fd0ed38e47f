import { z } from 'zod';
import type { Scope } from '../connector.ts';

const scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('part'), part: z.string() }),
  z.object({ kind: z.literal('range'), from: z.string(), to: z.string() }),
  z.object({ kind: z.literal('one'), id: z.string() }),
]);

/** Scopes as the tables keep them. */
export const parseScope = (text: string): Scope => scope.parse(JSON.parse(text));
export const parseScopes = (text: string): readonly Scope[] => z.array(scope).parse(JSON.parse(text));
