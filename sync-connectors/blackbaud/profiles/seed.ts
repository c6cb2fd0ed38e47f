import type { FieldNames, Profile } from './profile.ts';

const asNamed = (...fields: readonly string[]): FieldNames =>
  Object.fromEntries(fields.map((field) => [field, [field]]));

/** The paths that this project began with, for a server of one's own in front of the vendor: fields are those of the streams. */
export const seed: Profile = {
  customers: {
    source: {
      kind: 'list',
      path: '/altru/v1/constituents',
      paging: 'pages',
      parameters: { include_inactive: 'true', include_deceased: 'true' },
    },
    one: '/altru/v1/constituents/{id}',
    fields: {
      ...asNamed('first_name', 'last_name', 'email', 'phone', 'address_lines', 'city', 'state', 'postal_code'),
      customer_id: ['customer_id', 'id'],
    },
  },
  'ticketed-events': {
    source: { kind: 'list', path: '/altru/v1/events', paging: 'pages' },
    fields: { ...asNamed('name', 'starts_at', 'ends_at', 'capacity'), ticketed_event_id: ['ticketed_event_id', 'id'] },
  },
  wristbands: {
    source: { kind: 'list', path: '/altru/v1/registrants/tickets', paging: 'pages' },
    fields: {
      ...asNamed('issued_at'),
      wristband_id: ['wristband_id', 'id'],
      ticketed_event_id: ['ticketed_event_id', 'event_id'],
    },
  },
  'parking-passes': {
    source: { kind: 'list', path: '/altru/v1/parkingpasses', paging: 'pages' },
    fields: {
      ...asNamed('pass_type', 'cost', 'issued_at'),
      pass_id: ['pass_id', 'id'],
      ticketed_event_id: ['ticketed_event_id', 'event_id'],
    },
  },
};
