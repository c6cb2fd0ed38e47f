import type { Profile } from './profile.ts';

/** Altru. It has no list of constituents, wristbands or parking passes: a person saves an ad-hoc query of each under these names. */
export const altru: Profile = {
  customers: {
    source: { kind: 'query', name: 'Millrace customers' },
    one: '/alt-conmg/constituents/{id}',
    fields: {
      customer_id: [
        'customer_id',
        'constituent_id',
        'constituent_system_record_id',
        'id',
        'system_record_id',
        'lookup_id',
      ],
      first_name: ['first_name'],
      last_name: ['last_name', 'key_name', 'last_organization_group_household_name', 'name'],
      email: ['email', 'email_address', 'email_addresses_email_address'],
      phone: ['phone', 'phone_number', 'phones_number'],
      address_lines: ['address_lines', 'address_block', 'address', 'addresses_address'],
      city: ['city', 'addresses_city'],
      state: ['state', 'addresses_state_abbreviation'],
      postal_code: ['postal_code', 'post_code', 'zip', 'addresses_zip'],
    },
  },
  'ticketed-events': {
    source: { kind: 'list', path: '/alt-evtmg/events/search', paging: 'limit' },
    fields: {
      ticketed_event_id: ['ticketed_event_id', 'event_id', 'id', 'system_record_id'],
      name: ['name', 'event_name'],
      starts_at: ['starts_at', 'start_date+start_time', 'start_date_time', 'start_date'],
      ends_at: ['ends_at', 'end_date+end_time', 'end_date_time', 'end_date'],
      capacity: ['capacity'],
    },
  },
  wristbands: {
    source: { kind: 'query', name: 'Millrace wristbands' },
    fields: {
      wristband_id: ['wristband_id', 'ticket_number', 'ticket_id', 'system_record_id', 'id'],
      ticketed_event_id: ['ticketed_event_id', 'event_id', 'event_system_record_id'],
      issued_at: ['issued_at', 'issue_date', 'date_added', 'transaction_date', 'date'],
    },
  },
  'parking-passes': {
    source: { kind: 'query', name: 'Millrace parking passes' },
    fields: {
      pass_id: ['pass_id', 'parking_pass_id', 'ticket_number', 'ticket_id', 'system_record_id', 'id'],
      ticketed_event_id: ['ticketed_event_id', 'event_id', 'event_system_record_id'],
      pass_type: ['pass_type', 'price_type', 'type'],
      cost: ['cost', 'price', 'amount'],
      issued_at: ['issued_at', 'issue_date', 'date_added', 'transaction_date', 'date'],
    },
  },
};
