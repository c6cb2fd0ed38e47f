import type { Field } from '../schema/avro-type.ts';
import type { Stream } from '../schema/stream.ts';
import { compareRoutes } from './compare-routes.ts';
import type { ContractChange } from './contract-change.ts';

type Compare = (before: Stream, after: Stream) => ContractChange[];

/** Every change of the `stream` block that somebody or something can notice, in the order of its documentation. */
export const compareStreamBlocks: Compare = (before, after) =>
  [
    compareRoutes,
    key,
    time,
    store,
    measures,
    dimensions,
    version,
    countAs,
    partitions,
    retention,
    rowRetention,
    access,
    owner,
  ].flatMap((compare) => compare(before, after));

const key: Compare = (before, after) => {
  if (sameField(before.key, after.key, after)) return [];
  const rows =
    after.store === 'upsert'
      ? `, and the table ${after.table} has ${before.key.name} as its primary key and must be created again`
      : '';
  return [
    {
      what: moved('the key', before.key.name, after.key.name),
      breaks: `records of one key go to other partitions than before, which loses their order across the change${rows}`,
    },
  ];
};

const time: Compare = (before, after) =>
  sameField(before.time, after.time, after)
    ? []
    : [
        {
          what: moved('the event time', before.time.name, after.time.name),
          breaks: 'ranges, windows and the order of rows go by another time, for old records too',
        },
      ];

const store: Compare = (before, after) => {
  if (before.store === after.store) return [];
  const primary = (stream: Stream) => (stream.store === 'upsert' ? stream.key.name : 'event_id');
  const rows = after.store === 'upsert' ? 'only the newest record of each key is a row' : 'each record is a row';
  return [
    {
      what: moved('the store', before.store, after.store),
      breaks: `${rows} from now on, and the table ${after.table} has ${primary(before)} as its primary key and must be created again`,
    },
  ];
};

const measures: Compare = (before, after) =>
  lists('measure', before.measures, after.measures, after, 'GET /stats no longer answers its sum, min, max and mean');

const dimensions: Compare = (before, after) =>
  lists(
    'dimension',
    before.dimensions,
    after.dimensions,
    after,
    'clients that filter or group by it get 400; its index stays',
  );

const version: Compare = (before, after) =>
  after.store !== 'upsert' || before.store !== 'upsert' || sameField(before.version, after.version, after)
    ? []
    : [
        {
          what: moved('the version', before.version.name, after.version.name),
          breaks: 'another field says which of two records is newer, while the rows there were chosen by the old one',
        },
      ];

const countAs: Compare = (before, after) => {
  if (before.countAs === after.countAs) return [];
  if (before.countAs === undefined) return [{ what: `the count ${after.countAs} is new` }];
  const what =
    after.countAs === undefined
      ? `the count ${before.countAs} is gone`
      : moved('the count', before.countAs, after.countAs);
  return [{ what, breaks: `GET /stats no longer answers ${before.countAs}` }];
};

/** A service leaves a topic that exists as it is, so these two say what they do not do by themselves. */
const partitions: Compare = (before, after) => {
  if (before.partitions === after.partitions) return [];
  const change = `from ${before.partitions} to ${after.partitions}`;
  return after.partitions > before.partitions
    ? [{ what: `the partitions were raised ${change}, which a topic that exists gets by kafka-topics --alter only` }]
    : [
        {
          what: `the partitions were lowered ${change}`,
          breaks: 'Kafka takes none away: a topic that exists keeps them, and has to be created again to have fewer',
        },
      ];
};

const retention: Compare = (before, after) =>
  spans('the retention', before.retentionMs, after.retentionMs, {
    remark: ', which a topic that exists gets by kafka-configs --alter only',
    breaks: 'older history is then gone for good',
  });

const rowRetention: Compare = (before, after) =>
  spans('the row retention', before.rowRetentionMs, after.rowRetentionMs, {
    remark: '',
    breaks: 'older rows are removed from MySQL; the topic keeps their records',
  });

const access: Compare = (before, after) => {
  if (before.access === after.access) return [];
  return [
    {
      what: moved('the access', before.access, after.access),
      breaks: after.access === 'token' ? 'clients without a token are then refused' : undefined,
    },
  ];
};

/** One that follows the key has changed with it. */
const owner: Compare = (before, after) => {
  const followsKey = before.owner.name === before.key.name && after.owner.name === after.key.name;
  if (followsKey || sameField(before.owner, after.owner, after)) return [];
  return [
    {
      what: moved('the owner', before.owner.name, after.owner.name),
      breaks: 'tokens with read:own then find other rows',
    },
  ];
};

function lists(
  noun: string,
  before: readonly Field[],
  after: readonly Field[],
  stream: Stream,
  breaks: string,
): ContractChange[] {
  const gone = before.filter((was) => !after.some((is) => sameField(was, is, stream)));
  const added = after.filter((is) => !before.some((was) => sameField(was, is, stream)));
  return [
    ...gone.map(({ name }) => ({ what: `the ${noun} ${name} is gone`, breaks })),
    ...added.map(({ name }) => ({ what: `the ${noun} ${name} is new` })),
  ];
}

/** One field, also after it was renamed with an alias: the fields report the renaming itself. */
const sameField = (before: Field, after: Field, { fields }: Stream) =>
  before.name === after.name ||
  ((after.aliases ?? []).includes(before.name) && !fields.some(({ name }) => name === before.name));

const moved = (what: string, before: string, after: string) => `${what} changed from ${before} to ${after}`;
const spanOf = (ms: number | undefined) => (ms === undefined ? 'forever' : `${ms / 3_600_000} h`);

function spans(
  what: string,
  before: number | undefined,
  after: number | undefined,
  { remark, breaks }: { readonly remark: string; readonly breaks: string },
): ContractChange[] {
  if (before === after) return [];
  const shortened = (after ?? Infinity) < (before ?? Infinity);
  const change = `was ${shortened ? 'shortened' : 'lengthened'} from ${spanOf(before)} to ${spanOf(after)}${remark}`;
  return [{ what: `${what} ${change}`, breaks: shortened ? breaks : undefined }];
}
