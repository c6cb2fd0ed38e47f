import { textLiteral } from '@millrace/core/database/sql-literal';
import { parseDate, parseInstant } from '@millrace/core/schema/rfc3339';
import { parseTimeOfDay } from '@millrace/core/schema/time-of-day';
import type { SqlType } from '@millrace/core/table/sql-type';

const DATETIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3,6})$/;

/**
 * What the driver answers for a column, as a literal that the column is compared with exactly: no text with a number, which
 * MySQL compares as doubles, and nothing that it can't compare at all. Undefined for what the column can't have answered.
 */
export function storedLiteral(type: SqlType, stored: string | number): string | undefined {
  switch (type.name) {
    case 'tinyint':
    case 'int':
    case 'bigint':
      return Number.isSafeInteger(stored) ? String(stored) : undefined;
    case 'double':
      return typeof stored === 'number' && Number.isFinite(stored) ? String(stored) : undefined;
    case 'decimal':
      return typeof stored === 'string' && /^-?\d{1,65}(\.\d{1,30})?$/.test(stored) ? stored : undefined;
    case 'datetime': {
      const [, day, time] = DATETIME.exec(String(stored)) ?? [];
      return parseInstant(`${day}T${time}Z`) === undefined ? undefined : `'${stored}'`;
    }
    case 'date':
      return parseDate(String(stored)) === undefined ? undefined : `'${stored}'`;
    case 'time':
      return parseTimeOfDay(String(stored)) === undefined ? undefined : `'${stored}'`;
    case 'char':
    case 'varchar':
      return typeof stored === 'string' && (!type.ascii || isAscii(stored)) ? textLiteral(stored) : undefined;
    default:
      return undefined;
  }
}

/** Other text can't even be compared with a column of ASCII. */
const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);
