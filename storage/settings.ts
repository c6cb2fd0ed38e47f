import { z } from 'zod';

/** None besides those that all services share. */
export const storageSettings = z.object({});
