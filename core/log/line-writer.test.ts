import { describe, expect, it } from 'vitest';
import { lineWriter } from './line-writer.ts';

const noSpace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

/** A disk with `free` bytes left. */
function disk(free: number) {
  let written = '';
  let room = free;
  return {
    text: () => written,
    free(bytes: number) {
      room += bytes;
    },
    writeTo(bytes: Buffer): number {
      if (room === 0) throw noSpace;
      const taken = bytes.subarray(0, room);
      room -= taken.length;
      written += taken.toString();
      return taken.length;
    },
  };
}

describe('lineWriter', () => {
  it('drops what a full disk does not take, counts it, and continues when there is room', () => {
    const { text, free, writeTo } = disk(12);
    const writer = lineWriter(1, { writeTo, afterDrops: (count, reason) => `(${count} dropped: ${reason})\n` });

    for (const line of ['first\n', 'secnd\n', 'third\n', 'forth\n']) writer.write(line);
    expect(writer.dropped).toBe(2);
    free(1_000);
    writer.write('fifth\n');
    writer.write('sixth\n');

    expect(text()).toBe('first\nsecnd\n(2 dropped: ENOSPC)\nfifth\nsixth\n');
    expect(writer.dropped).toBe(2);
  });

  it('finishes a line that was cut before it writes another', () => {
    const { text, free, writeTo } = disk(9);
    const writer = lineWriter(1, { writeTo });

    writer.write('first\n');
    writer.write('second\n');
    writer.write('third\n');
    free(1_000);
    writer.write('fourth\n');

    expect(text()).toBe('first\nsecond\nfourth\n');
    expect(writer.dropped).toBe(1);
  });

  it('writes whole lines alone, wherever the disk fills up and however often', () => {
    for (let room = 0; room < 40; room += 1) {
      const { text, free, writeTo } = disk(room);
      const writer = lineWriter(1, { writeTo, afterDrops: (count) => `(${count})\n` });
      const lines = Array.from({ length: 12 }, (_, n) => `line ${n}\n`);

      for (const [n, line] of lines.entries()) {
        writer.write(line);
        if (n % 4 === 3) free(7 + n);
      }
      free(1_000);
      writer.write('last\n');

      const found = text().split(/(?<=\n)/);
      const counts = found.flatMap((line) => /^\((\d+)\)\n$/.exec(line)?.[1] ?? []).map(Number);
      expect(found.every((line) => lines.includes(line) || line === 'last\n' || /^\(\d+\)\n$/.test(line))).toBe(true);
      expect(found.length - counts.length + writer.dropped).toBe(13);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(writer.dropped);
    }
  });

  it('waits for a reader that is slow, and no longer for one that stopped reading', () => {
    let waits = 0;
    let stopped = false;
    const writer = lineWriter(1, {
      writeTo(bytes) {
        waits += 1;
        if (stopped || waits < 3) throw Object.assign(new Error('try again'), { code: 'EAGAIN' });
        return bytes.length;
      },
    });

    writer.write('read in the end\n');
    expect([waits, writer.dropped]).toEqual([3, 0]);
    stopped = true;
    writer.write('waited for\n');
    const before = waits;
    writer.write('not waited for\n');

    expect([waits - before, writer.dropped]).toEqual([1, 2]);
  });

  it('does not throw when nobody reads, or when it is no file at all', () => {
    const writer = lineWriter(987_654);

    writer.write('lost\n');

    expect(writer.dropped).toBe(1);
  });
});
