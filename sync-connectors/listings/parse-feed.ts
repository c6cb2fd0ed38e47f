import { SaxesParser } from 'saxes';
import type { FeedBasePlan, FeedElement, FeedPlan, Vocabulary } from './feed-element.ts';
import { vocabularies } from './feed-element.ts';
import { FeedFault } from './feed-fault.ts';
import type { FeedLimits } from './feed-limits.ts';

export type FeedParser = {
  /** The base plans that a piece of text completes, up to the first fault in it. */
  write(text: string): readonly FeedBasePlan[];
  /** Throws a `FeedFault` once there was a fault. */
  check(): void;
  /** Throws a `FeedFault` where the feed has not come to its end. */
  end(): readonly FeedBasePlan[];
  /** Undefined before the root element. */
  vocabulary(): Vocabulary | undefined;
};

type Zones = { attributes: FeedElement['attributes']; line: number; zones: FeedElement[] };
type Open = { attributes: FeedElement['attributes']; line: number; plans: Zones[]; parts: number };

/**
 * Reads a feed of either vocabulary, piece by piece, holding one base plan at a time. A DOCTYPE is refused, so no entity is ever
 * declared or fetched. Elements that are not known are ignored with all that is in them.
 *
 * It listens to as few events as it can: a parser with more than seven handlers is an object whose members V8 looks up by
 * hash, and parses five times slower.
 */
export function createFeedParser(limits: FeedLimits): FeedParser {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const path: string[] = [];
  let vocabulary: Vocabulary | undefined;
  let fault: FeedFault | undefined;
  let done: FeedBasePlan[] = [];
  let open: Open | undefined;
  let plan: Zones | undefined;
  let attributes = 0;
  let sinceTag = 0;
  let hasOutput = false;
  let isClosed = false;

  const fail = (reason: string) => {
    fault ??= new FeedFault(`line ${parser.line}: ${reason}`);
  };
  parser.on('error', (error) => fail(`not well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`));
  parser.on('doctype', () => fail('a DOCTYPE is refused'));
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > limits.attributes) fail(`an element has more than ${limits.attributes} attributes`);
  });

  parser.on('opentag', ({ name, attributes: given }) => {
    sinceTag = 0;
    attributes = 0;
    if (fault) return;
    path.push(name);
    if (path.length > limits.depth) return fail(`elements are more than ${limits.depth} deep`);
    if (path.length === 1) {
      vocabulary = vocabularies.find(({ root }) => root === name);
      if (!vocabulary) fail(`the feed is a <${name.slice(0, 40)}>, not a planList or an eventList`);
      return;
    }
    if (!vocabulary) return;
    const { line } = parser;
    if (path.length === 2 && name === 'output') hasOutput = true;
    else if (path.length === 3 && name === vocabulary.base && path[1] === 'output')
      open = { attributes: given, line, plans: [], parts: 0 };
    else if (path.length === 4 && name === vocabulary.plan && open) {
      plan = { attributes: given, line, zones: [] };
      open.parts += 1;
      if (open.parts <= limits.parts) open.plans.push(plan);
    } else if (path.length === 5 && name === 'zone' && open && plan) {
      open.parts += 1;
      if (open.parts <= limits.parts) plan.zones.push({ attributes: given, line });
    }
  });

  parser.on('closetag', () => {
    sinceTag = 0;
    if (fault) return;
    path.pop();
    if (path.length === 0) isClosed = true;
    if (path.length === 3) plan = undefined;
    if (path.length > 2 || !open) return;
    const { attributes: own, line, plans, parts } = open;
    const whole: readonly FeedPlan[] = plans;
    done.push({ attributes: own, line, plans: whole, isTooLarge: parts > limits.parts });
    open = undefined;
  });

  function take(): readonly FeedBasePlan[] {
    const taken = done;
    done = [];
    return taken;
  }

  return {
    write(text) {
      sinceTag += text.length;
      parser.write(text);
      if (sinceTag > limits.untagged) fail(`there are more than ${limits.untagged} characters without a tag`);
      return take();
    },
    check() {
      if (fault) throw fault;
    },
    end() {
      const line = parser.line;
      parser.close();
      if (!isClosed) throw new FeedFault(`line ${line}: the feed breaks off`);
      if (fault) throw fault;
      if (!hasOutput) throw new FeedFault(`line ${line}: the feed has no output`);
      return take();
    },
    vocabulary: () => vocabulary,
  };
}
