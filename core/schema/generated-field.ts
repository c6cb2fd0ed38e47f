import type { Field, Generate } from './avro-type.ts';

/** What a reader is told that a field holds which its record left out. */
export const generatedText: Readonly<Record<Generate, string>> = { uuid: 'a new uuid', now: 'the time of its arrival' };

/** Whether a record may be without it. */
export const mayBeLeftOut = (field: Field): boolean => 'default' in field || field.generate !== undefined;
