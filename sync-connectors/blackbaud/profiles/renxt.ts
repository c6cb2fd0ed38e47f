import { altru } from './altru.ts';
import type { Profile } from './profile.ts';

/** Raiser's Edge NXT: constituents with what has changed since, and events. Wristbands and parking passes come from queries, as in Altru. */
export const renxt: Profile = {
  ...altru,
  customers: {
    source: {
      kind: 'list',
      path: '/constituent/v1/constituents',
      paging: 'pages',
      // Else one who died or is inactive would look like one who was deleted.
      parameters: { include_inactive: 'true', include_deceased: 'true' },
      isIncremental: true,
    },
    one: '/constituent/v1/constituents/{id}',
    fields: {
      customer_id: ['id'],
      first_name: ['first'],
      last_name: ['last', 'name'],
      email: ['email.address'],
      phone: ['phone.number'],
      address_lines: ['address.address_lines'],
      city: ['address.city'],
      state: ['address.state'],
      postal_code: ['address.postal_code'],
    },
  },
  'ticketed-events': {
    ...altru['ticketed-events'],
    source: { kind: 'list', path: '/event/v1/eventlist', paging: 'pages' },
  },
};
