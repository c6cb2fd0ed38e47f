import { altru } from '../profiles/altru.ts';
import type { EntityProfile, Profile, Source } from '../profiles/profile.ts';
import { renxt } from '../profiles/renxt.ts';
import { seed } from '../profiles/seed.ts';
import type { EntityName } from '../rows/entity-spec.ts';
import type { BlackbaudSettings } from '../settings.ts';

const profiles: Readonly<Record<BlackbaudSettings['BLACKBAUD_PROFILE'], Profile>> = { altru, renxt, seed };

/** The profile with what the settings put in its place: a query's name, else a path. */
export function profileOf(settings: BlackbaudSettings): Profile {
  const profile = profiles[settings.BLACKBAUD_PROFILE];
  const own = (entity: EntityName, path: string, query: string, one?: string): EntityProfile => ({
    ...profile[entity],
    source: sourceOf(profile[entity].source, path, query),
    ...(one ? { one } : {}),
  });
  const { BLACKBAUD_CUSTOMER_PATH: one } = settings;
  return {
    customers: own('customers', settings.BLACKBAUD_CUSTOMERS_PATH, settings.BLACKBAUD_CUSTOMERS_QUERY, one),
    'ticketed-events': own(
      'ticketed-events',
      settings.BLACKBAUD_TICKETED_EVENTS_PATH,
      settings.BLACKBAUD_TICKETED_EVENTS_QUERY,
    ),
    wristbands: own('wristbands', settings.BLACKBAUD_WRISTBANDS_PATH, settings.BLACKBAUD_WRISTBANDS_QUERY),
    'parking-passes': own(
      'parking-passes',
      settings.BLACKBAUD_PARKING_PASSES_PATH,
      settings.BLACKBAUD_PARKING_PASSES_QUERY,
    ),
  };
}

/** Lists of `alt-*` know no pages; those of the vendor's other paths do. */
function sourceOf(usual: Source, path: string, query: string): Source {
  if (query !== '') return { kind: 'query', name: query };
  if (path === '') return usual;
  const kept = usual.kind === 'list' ? usual : {};
  return { ...kept, kind: 'list', path, paging: path.startsWith('/alt-') ? 'limit' : 'pages' };
}
