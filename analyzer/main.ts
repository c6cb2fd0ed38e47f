import { readerThreads } from './read/reader-threads.ts';

const reader = readerThreads();
const { runAnalyzer } = await import('./run-analyzer.ts');
await runAnalyzer(reader);
