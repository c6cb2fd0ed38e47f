import { routesOf } from '../schema/routes-of.ts';
import type { Stream } from '../schema/stream.ts';
import type { ContractChange } from './contract-change.ts';

type Compare = (before: Stream, after: Stream) => ContractChange[];

/** What becomes of the clients that post to a stream's routes and read them. */
export const compareRoutes: Compare = (before, after) =>
  [path, aliases, post].flatMap((compare) => compare(before, after));

const path: Compare = (before, after) => {
  if (before.path === after.path) return [];
  const breaks = after.pathAliases.includes(before.path) ? undefined : 'clients of the old route get 404';
  return [{ what: `the route changed from ${before.path} to ${after.path}`, breaks }];
};

const aliases: Compare = (before, after) => {
  const [were, are] = [routesOf(before), routesOf(after)];
  const gone = before.pathAliases.filter((route) => !are.includes(route));
  const added = after.pathAliases.filter((route) => !were.includes(route));
  return [
    ...gone.map((route) => ({ what: `the alias ${route} is gone`, breaks: 'its clients get 404' })),
    ...added.map((route) => ({ what: `the alias ${route} is new` })),
  ];
};

const post: Compare = (before, after) => {
  if (before.isPosted === after.isPosted) return [];
  if (after.isPosted) return [{ what: 'the stream is now posted to' }];
  return [{ what: 'the stream is no longer posted to', breaks: 'clients that post to it get 405' }];
};
