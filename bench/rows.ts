import type { Row } from './row.ts';

type RowModule = { readonly run: Row };

/** The rows by name, in the order of the table. Each is loaded when its turn comes, so that one leaves no work to the next. */
export const rows: Readonly<Record<string, () => Promise<RowModule>>> = {
  'single-post': () => import('./rows/single-post.ts'),
  'post-with-token': () => import('./rows/post-with-token.ts'),
  'token-cost': () => import('./rows/token-cost.ts'),
  'batch-post': () => import('./rows/batch-post.ts'),
  'worst-bodies': () => import('./rows/worst-bodies.ts'),
  storage: () => import('./rows/storage.ts'),
  'storage-2': () => import('./rows/storage-2.ts'),
  'storage-3': () => import('./rows/storage-3.ts'),
  'visible-storage': () => import('./rows/visible-storage.ts'),
  search: () => import('./rows/search.ts'),
  sync: () => import('./rows/sync.ts'),
  'sync-feed': () => import('./rows/sync-feed.ts'),
  rules: () => import('./rows/rules.ts'),
  'dry-run': () => import('./rows/dry-run.ts'),
  'visible-won': () => import('./rows/visible-won.ts'),
  'visible-analyzer': () => import('./rows/visible-analyzer.ts'),
  'analyzer-replay': () => import('./rows/analyzer-replay.ts'),
  'analyzer-restart': () => import('./rows/analyzer-restart.ts'),
  lookup: () => import('./rows/lookup.ts'),
  'lookup-replay': () => import('./rows/lookup-replay.ts'),
};

/** Rows that take long, and are run only when they are named. */
export const onRequest: typeof rows = {
  soak: () => import('./rows/soak.ts'),
};
