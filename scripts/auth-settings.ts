import { readConfig } from '@millrace/core/config/read-config';

/** As generated documents have it: tokens are required, and come from auth where it listens by default. */
export const authSettings = readConfig({ AUTH: 'required' });
