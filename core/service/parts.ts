import type { Log } from '../log/create-log.ts';

/** Something that runs until it is closed. `done` rejects when it fails by itself. */
export type Part = { close?(): void | Promise<void>; readonly done?: Promise<unknown> };

export type Use = <Opened extends Part>(part: Opened | Promise<Opened>) => Promise<Opened>;

/** What a service has opened, in order. One that arrives after closing began is closed at once, and `use` throws. */
export function createParts({ log, onFailure }: { readonly log: Log; readonly onFailure: (error: unknown) => void }) {
  const opened: Part[] = [];
  let closing = false;

  const closeOne = async (part: Part): Promise<boolean> => {
    try {
      await part.close?.();
      return true;
    } catch (err) {
      log.error({ err }, 'a part could not close');
      return false;
    }
  };

  const use: Use = async (given) => {
    const part = await given;
    if (closing) {
      await closeOne(part);
      throw new Error('the service is stopping');
    }
    opened.push(part);
    part.done?.catch(onFailure);
    return part;
  };

  return {
    use,
    /** Closes the newest first, each to its end; answers whether all could. */
    async close(): Promise<boolean> {
      closing = true;
      let clean = true;
      for (let part = opened.pop(); part; part = opened.pop()) clean = (await closeOne(part)) && clean;
      return clean;
    },
  };
}
