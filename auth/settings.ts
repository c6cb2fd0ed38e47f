import { z } from 'zod';

export const authSettings = z.object({});
