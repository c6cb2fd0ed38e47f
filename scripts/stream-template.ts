/** The text of a new stream's schema file: plain fields to rename, with one of each thing that a field may say. */
export function streamTemplate(name: string, domain: string): string {
  const words = name.split('-');
  const recordName = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
  return `{
  "type": "record",
  "name": "${recordName}",
  "namespace": "${['millrace', ...domain.split('/')].join('.').replaceAll('-', '_')}",
  "doc": "One ${words.join(' ')} event.",
  "stream": {
    "path": "/streams/${name}",
    "key": "user_id",
    "time": "timestamp",
    "store": "append",
    "measures": ["duration"],
    "dimensions": ["user_id", "kind"],
    "count_as": "num_${words.join('_')}"
  },
  "fields": [
    {
      "name": "user_id",
      "type": { "type": "string", "logicalType": "uuid" },
      "doc": "Who did it.",
      "examples": ["d290f1ee-6c54-4b01-90e6-d701748f0851"]
    },
    {
      "name": "kind",
      "type": { "type": "enum", "name": "${recordName}Kind", "symbols": ["indoor", "outdoor", "unknown"], "default": "unknown" },
      "doc": "What kind it was.",
      "examples": ["outdoor"]
    },
    { "name": "duration", "type": "double", "unit": "s", "minimum": 0, "doc": "How long it took.", "examples": [1805.5] },
    {
      "name": "note",
      "type": ["null", "string"],
      "default": null,
      "maxLength": 500,
      "doc": "A remark; may be left out.",
      "examples": ["windy"]
    },
    {
      "name": "timestamp",
      "type": { "type": "long", "logicalType": "timestamp-millis" },
      "doc": "When it ended.",
      "examples": ["2026-03-14T07:32:10.000Z"]
    }
  ]
}
`;
}
