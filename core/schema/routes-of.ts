import type { Stream } from './stream.ts';

/** Every route of a stream's records at the receiver and of its rows at storage: its path, then the aliases of that. */
export const routesOf = ({ path, pathAliases }: Pick<Stream, 'path' | 'pathAliases'>): readonly string[] => [
  path,
  ...pathAliases,
];
