import { writeSync } from 'node:fs';

export type LineWriter = {
  /** Writes a line that ends with a line break, whole or not at all. Never throws. */
  write(line: string): void;
  /** How many lines could not be written so far. */
  readonly dropped: number;
};

type LineWriterOptions = {
  /** Makes the line that is written once lines can be written again. */
  readonly afterDrops?: (count: number, reason: string) => string;
  /** Writes what it can and answers how many bytes that was, as `fs.writeSync` does. */
  readonly writeTo?: (bytes: Buffer) => number;
};

/** A reader that is slow is waited for this often, at most, before a line of its is dropped. */
const SLOW_READER_WAITS = 50;
const WAIT_MS = 20;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/**
 * Writes lines to an open file descriptor, at once. What can't be written, because the disk is full or the reader has
 * stopped, is dropped and counted: a log is never the reason that a process ends. A line that a full disk cut off is
 * finished before another begins.
 */
export function lineWriter(fd: number, { afterDrops, writeTo }: LineWriterOptions = {}): LineWriter {
  const writeSome = writeTo ?? ((bytes: Buffer) => writeSync(fd, bytes));
  let unfinished: Buffer = Buffer.alloc(0);
  let dropped = 0;
  let reported = 0;
  let reason = '';

  /** Answers what is left of the bytes. */
  function writeAll(bytes: Buffer): Buffer {
    let left = bytes;
    let waits = 0;
    while (left.length > 0) {
      try {
        left = left.subarray(writeSome(left));
        reason = '';
      } catch (error) {
        const code = codeOf(error);
        const slow = code === 'EAGAIN' && reason === '' && waits < SLOW_READER_WAITS;
        if (!slow) {
          reason = code;
          break;
        }
        waits += 1;
        Atomics.wait(sleeper, 0, 0, WAIT_MS);
      }
    }
    return left;
  }

  /** Writes it, or keeps the rest of it once a part is written; answers whether it is or will be in the file. */
  function begin(line: string): boolean {
    const bytes = Buffer.from(line);
    const left = writeAll(bytes);
    if (left.length === bytes.length) return false;
    unfinished = left;
    return true;
  }

  return {
    get dropped() {
      return dropped;
    },
    write(line) {
      const trouble = reason;
      unfinished = writeAll(unfinished);
      if (unfinished.length > 0) {
        dropped += 1;
        return;
      }
      const untold = dropped - reported;
      if (untold > 0 && afterDrops && begin(afterDrops(untold, trouble))) reported = dropped;
      if (unfinished.length > 0 || !begin(line)) dropped += 1;
    },
  };
}
