export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

export type Entry = { readonly id: string; readonly row: Row; readonly modifiedAt: number };

type Version = { readonly at: number; readonly row: Row | undefined };

export type VersionedRows = {
  put(id: string, row: Row): void;
  /** Whether there was one. */
  remove(id: string): boolean;
  get(id: string): Entry | undefined;
  /** What there was at a moment, by modification and then by id. */
  asOf(moment: number): readonly Entry[];
  ids(): string[];
  readonly size: number;
};

const byModification = (a: Entry, b: Entry) => a.modifiedAt - b.modifiedAt || (a.id < b.id ? -1 : 1);

/** Rows of one entity with their past, so that a list can lag behind. */
export function versionedRows(clock: () => number): VersionedRows {
  const versions = new Map<string, readonly Version[]>();
  let newest = Number.NEGATIVE_INFINITY;
  let sorted: readonly Entry[] | undefined;

  function write(id: string, row: Row | undefined): void {
    newest = clock();
    sorted = undefined;
    versions.set(id, [...(versions.get(id) ?? []).slice(-9), { at: newest, row }]);
  }

  function at(id: string, moment: number): Entry | undefined {
    const version = versions.get(id)?.findLast((each) => each.at <= moment);
    return version?.row === undefined ? undefined : { id, row: version.row, modifiedAt: version.at };
  }

  function list(moment: number): Entry[] {
    return [...versions.keys()].flatMap((id) => at(id, moment) ?? []).sort(byModification);
  }

  const get = (id: string) => at(id, Number.POSITIVE_INFINITY);
  function current(): readonly Entry[] {
    sorted ??= list(Number.POSITIVE_INFINITY);
    return sorted;
  }

  return {
    put: write,
    remove(id) {
      const isThere = get(id) !== undefined;
      if (isThere) write(id, undefined);
      return isThere;
    },
    get,
    asOf: (moment) => (moment >= newest ? current() : list(moment)),
    ids: () => current().map(({ id }) => id),
    get size() {
      return current().length;
    },
  };
}
