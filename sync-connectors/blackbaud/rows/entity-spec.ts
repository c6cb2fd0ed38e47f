/** What a stream wants of a field. */
export type FieldSpec = { readonly kind: 'text' | 'instant' | 'whole' | 'decimal'; readonly isRequired?: true };

export type EntitySpec = {
  readonly key: string;
  readonly fields: Readonly<Record<string, FieldSpec>>;
  /** The field by which a row lies in a range of dates. */
  readonly dateField: string | undefined;
};

const text: FieldSpec = { kind: 'text' };
const id: FieldSpec = { kind: 'text', isRequired: true };
const instant: FieldSpec = { kind: 'instant' };
const requiredInstant: FieldSpec = { kind: 'instant', isRequired: true };

/** The streams of schemas/ticketing, as a row of the vendor has to fill them. */
export const entitySpecs = {
  customers: {
    key: 'customer_id',
    fields: {
      ...{ customer_id: id, first_name: text, last_name: text, email: text, phone: text },
      ...{ address_lines: text, city: text, state: text, postal_code: text },
    },
    dateField: undefined,
  },
  'ticketed-events': {
    key: 'ticketed_event_id',
    fields: {
      ticketed_event_id: id,
      name: id,
      starts_at: requiredInstant,
      ends_at: instant,
      capacity: { kind: 'whole' },
    },
    dateField: 'starts_at',
  },
  wristbands: {
    key: 'wristband_id',
    fields: { wristband_id: id, ticketed_event_id: id, issued_at: requiredInstant },
    dateField: 'issued_at',
  },
  'parking-passes': {
    key: 'pass_id',
    fields: {
      pass_id: id,
      ticketed_event_id: id,
      pass_type: id,
      cost: { kind: 'decimal' },
      issued_at: requiredInstant,
    },
    dateField: 'issued_at',
  },
} as const satisfies Readonly<Record<string, EntitySpec>>;

export type EntityName = keyof typeof entitySpecs;
export const entityNames: readonly EntityName[] = ['customers', 'ticketed-events', 'wristbands', 'parking-passes'];

export const isEntityName = (name: string): name is EntityName => Object.hasOwn(entitySpecs, name);
