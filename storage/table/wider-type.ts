import type { SqlType } from '@millrace/core/table/sql-type';
import type { StoredColumn } from './stored-columns.ts';

/**
 * The type a column must get so that it holds both what it held and what the schema asks for: the stored one when that
 * is wide enough, else the wider; undefined when no type holds both without loss.
 */
export function widerType(stored: StoredColumn['type'], wanted: SqlType): SqlType | undefined {
  if (stored.name === 'other') return undefined;
  const ladder = [INTEGERS, BYTES].find((each) => each.includes(stored.name) && each.includes(wanted.name));
  if (ladder) return ladder.indexOf(stored.name) >= ladder.indexOf(wanted.name) ? stored : wanted;
  if (isText(stored) && isText(wanted)) return widerText(stored, wanted);
  if (stored.name === 'decimal' && wanted.name === 'decimal') return widerDecimal(stored, wanted);
  if ((stored.name === 'datetime' || stored.name === 'time') && stored.name === wanted.name)
    return { ...stored, digits: stored.digits === 6 ? 6 : wanted.digits };
  return stored.name === wanted.name ? stored : undefined;
}

/** Whether the two are one type: then there is nothing to change. */
export function sameType(a: StoredColumn['type'], b: SqlType): boolean {
  const text = (type: StoredColumn['type']) =>
    JSON.stringify(
      Object.entries(type)
        .filter(([, value]) => value !== false && value !== undefined)
        .sort(),
    );
  return text(a) === text(b);
}

const INTEGERS = ['int', 'bigint', 'double'];
const BYTES = ['varbinary', 'mediumblob'];
const LONG_TEXTS = ['text', 'mediumtext'];

type Text = Extract<SqlType, { name: 'char' | 'varchar' | 'text' | 'mediumtext' }>;

const isText = (type: SqlType): type is Text => ['char', 'varchar', ...LONG_TEXTS].includes(type.name);

function widerText(stored: Text, wanted: Text): SqlType {
  if ('size' in stored && 'size' in wanted) {
    if (stored.name === wanted.name && stored.size === wanted.size && Boolean(stored.ascii) === Boolean(wanted.ascii))
      return stored;
    if (stored.size >= wanted.size && (!stored.ascii || wanted.ascii)) return stored;
    return { name: 'varchar', size: Math.max(stored.size, wanted.size), ascii: Boolean(stored.ascii && wanted.ascii) };
  }
  return LONG_TEXTS.indexOf(stored.name) >= LONG_TEXTS.indexOf(wanted.name) ? stored : wanted;
}

type Decimal = Extract<SqlType, { name: 'decimal' }>;

function widerDecimal(stored: Decimal, wanted: Decimal): SqlType | undefined {
  const scale = Math.max(stored.scale, wanted.scale);
  const precision = Math.max(stored.precision - stored.scale, wanted.precision - wanted.scale) + scale;
  return precision <= 65 && scale <= 30 ? { name: 'decimal', precision, scale } : undefined;
}
