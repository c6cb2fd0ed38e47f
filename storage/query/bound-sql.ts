import { instantLiteral, nameLiteral } from '@millrace/core/database/sql-literal';
import { type Field, withoutNull } from '@millrace/core/schema/avro-type';
import { boundMillis } from '@millrace/core/schema/bound-millis';
import { LATEST_MS } from '@millrace/core/schema/invalid-value';

/** One end of a half-open range of a field's times. @param micros since the epoch, in the years 1000 to 9999 or just past them */
export function boundSql(field: Field, operator: '>=' | '<', micros: bigint): string {
  const { type } = withoutNull(field.type);
  const isMicros = type.kind === 'long' && type.logical?.name === 'timestamp-micros';
  const millis = isMicros ? Number(micros / 1_000n) : boundMillis(micros);
  if (millis > LATEST_MS) return operator === '<' ? 'TRUE' : 'FALSE';
  return `${nameLiteral(field.name)} ${operator} ${isMicros ? microsLiteral(micros) : instantLiteral(millis)}`;
}

function microsLiteral(micros: bigint): string {
  const rest = ((micros % 1_000n) + 1_000n) % 1_000n;
  const millis = instantLiteral(Number((micros - rest) / 1_000n));
  return `${millis.slice(0, -1)}${String(rest).padStart(3, '0')}'`;
}
