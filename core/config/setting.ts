import { z } from 'zod';

/** What people read about a setting. `shown` stands for a default that differs from machine to machine. */
type SettingDoc = { readonly initial: string; readonly doc: string; readonly shown?: string };

export const settingDocs = z.registry<SettingDoc>();

/** A setting as a property of a zod object: the property's name is that of its environment variable. */
export const setting = <Value>(initial: string, type: z.ZodType<Value, string>, doc: string, shown?: string) =>
  type.prefault(initial).register(settingDocs, shown === undefined ? { initial, doc } : { initial, doc, shown });
