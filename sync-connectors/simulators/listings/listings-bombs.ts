import { gzipSync } from 'node:zlib';
import type { WholeAnswer } from '../frame/answer-fault.ts';

const TYPE = 'text/xml';
const BLANKS = 200_000_000;
const DEPTH = 200_000;

const laughs = Array.from({ length: 9 }, (_, at) => {
  const before = at === 0 ? '"ha"' : `"${`&l${at - 1};`.repeat(10)}"`;
  return `<!ENTITY l${at} ${before}>`;
}).join('');

let packed: Buffer | undefined;

/** Packed once, as that takes a while. */
function gzipBomb(): Buffer {
  packed ??= gzipSync(Buffer.concat([Buffer.from('<planList><output><base_plan title="'), Buffer.alloc(BLANKS, 'a')]));
  return packed;
}

type Bomb = WholeAnswer & { readonly encoding?: string };

/** Feeds that would fill the memory of a reader that does not defend itself: one after the other. */
export const listingsBombs: readonly (() => Bomb)[] = [
  () => ({
    type: TYPE,
    body: Buffer.from(`<?xml version="1.0"?><!DOCTYPE planList [${laughs}]><planList><output>&l8;</output></planList>`),
  }),
  () => ({ type: TYPE, body: Buffer.from(`<planList><output>${'<plan>'.repeat(DEPTH)}`) }),
  () => ({
    type: TYPE,
    encoding: 'gzip',
    body: gzipBomb(),
  }),
];
