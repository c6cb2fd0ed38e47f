import type { Check } from '@millrace/core/service/health';
import type { Catalog } from './catalog.ts';

/** Says which records of rules can't be used. They stop nobody, so this is always well. */
export const checkRules =
  (catalog: Pick<Catalog, 'all' | 'unusable'>): Check =>
  () => {
    const unusable = catalog.unusable();
    const [first] = unusable;
    const detail = first
      ? `${unusable.length} records can not be used, such as the one at offset ${first.offset} of partition ${first.partition}`
      : `${catalog.all().length} rules`;
    return { ok: true, detail };
  };
