import type { AvroType } from './avro-type.ts';

/** The named types of one schema by their full names (Avro 1.12, "Names"). */
export type AvroNames = {
  /** Opens the definition of a type; answers its full name, or what is wrong with it. */
  open(
    schema: Readonly<Record<string, unknown>>,
    namespace: string,
  ): { readonly fullName: string } | { readonly fault: string };
  /** A name that no other type of the schema has: the last part of the full name, or all of it where that is taken. */
  shortName(fullName: string): string;
  close<Type extends AvroType>(fullName: string, type: Type): Type;
  /** The type of that name, seen from a namespace; undefined while its definition is open. */
  find(name: string, namespace: string): { readonly type: AvroType | undefined } | undefined;
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$/;

export function createAvroNames(): AvroNames {
  const types = new Map<string, AvroType | undefined>();
  const shortNames = new Set<string>();

  return {
    open(schema, namespace) {
      const { name, namespace: own } = schema;
      if (typeof name !== 'string') return { fault: `a ${String(schema.type)} needs a "name"` };
      const fullName = qualify(name, typeof own === 'string' ? own : namespace);
      if (!NAME.test(fullName)) return { fault: `"${fullName}" is not a name of letters, digits and _` };
      if (types.has(fullName)) return { fault: `type "${fullName}" is defined twice` };
      types.set(fullName, undefined);
      return { fullName };
    },
    shortName(fullName) {
      const last = fullName.slice(fullName.lastIndexOf('.') + 1);
      const name = shortNames.has(last) ? fullName.split('.').map(capitalized).join('') : last;
      shortNames.add(name);
      return name;
    },
    close(fullName, type) {
      types.set(fullName, type);
      return type;
    },
    find(name, namespace) {
      const found = [qualify(name, namespace), name].find((each) => types.has(each));
      return found === undefined ? undefined : { type: types.get(found) };
    },
  };
}

/** The namespace in which the parts of a type are looked up. */
export const namespaceOf = (fullName: string): string => fullName.slice(0, Math.max(0, fullName.lastIndexOf('.')));

const qualify = (name: string, namespace: string) => (name.includes('.') || !namespace ? name : `${namespace}.${name}`);
const capitalized = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
