import { platform, setPriority } from 'node:os';

const NICE = 5;

/**
 * Puts the calling worker thread's work after that of other threads where cores are short, so that requests are answered first.
 * On Linux a priority is the thread's own; elsewhere it would be the whole process's and is left alone.
 */
export function workAfterAnswers(): void {
  if (platform() === 'linux') setPriority(0, NICE);
}
