import { type Field, recordsIn } from './avro-type.ts';
import { compileValidator } from './compile-validator.ts';
import { recordSchema } from './json-schema.ts';

/** Which `examples` their own fields would refuse, of nested records too. */
export function exampleFaults(fields: readonly Field[], at = ''): string[] {
  const withExamples = fields.filter(({ examples = [] }) => examples.length > 0);
  return [
    ...(withExamples.length > 0 ? ownFaults(withExamples, at) : []),
    ...fields.flatMap(({ name, type }) =>
      recordsIn(type).flatMap((record) => exampleFaults(record.fields, `${at}${name}.`)),
    ),
  ];
}

function ownFaults(fields: readonly Field[], at: string): string[] {
  const validate = compileValidator({ ...recordSchema({ fields }), required: [] });
  return fields.flatMap(({ name, examples = [] }) =>
    examples.flatMap((example) => {
      const [fault] = validate({ [name]: example });
      return fault ? [`field "${at}${name}": the example ${JSON.stringify(example)} ${fault.message}`] : [];
    }),
  );
}
