/** What is said of a value that is none of its type, as the rest of a sentence that begins with the field's name. */
export const valueMessages = {
  uuid: 'must be a uuid such as d290f1ee-6c54-4b01-90e6-d701748f0851',
  'date-time': 'must be an RFC 3339 date-time such as 2026-03-14T07:32:10Z',
  'date-time-micros': 'must be an RFC 3339 date-time of the years 1828 to 2254, such as 2026-03-14T07:32:10.250123Z',
  date: 'must be a date such as 2026-03-14',
  'time-of-day': 'must be a time of day such as 07:32:10.250',
  wellFormed: 'must be well-formed Unicode: it holds half of a surrogate pair',
  noSpaceAtEnd: 'must not end with a space',
  base64: 'must be base64 of the right length',
} as const;
