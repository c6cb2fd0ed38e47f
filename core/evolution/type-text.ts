import type { NamedType } from './named-type.ts';

/** A type in a few words: `timestamp-millis`, `array of double`, `null or enum Size of S, M, L`. */
export function typeText(type: NamedType): string {
  switch (type.kind) {
    case 'union':
      return type.branches.map(typeText).join(' or ');
    case 'array':
      return `array of ${typeText(type.items)}`;
    case 'map':
      return `map of ${typeText(type.values)}`;
    case 'record':
      return `record ${type.name}`;
    case 'enum':
      return `enum ${type.name} of ${type.symbols.join(', ')}`;
    case 'fixed':
      return type.logical ? `${type.logical} in ${type.size} bytes` : `fixed ${type.name} of ${type.size} bytes`;
    default:
      return type.logical ? `${type.logical} (${type.kind})` : type.kind;
  }
}
