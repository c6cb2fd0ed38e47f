import { simulatedLogin } from '@millrace/core/services/simulators';
import { z } from 'zod';

/** What can be changed while the simulator runs, by `POST /control/settings`. */
export const blackbaudSettings = z.strictObject({
  client_id: z.string(),
  /** Any of them is taken; an application may have two while one is being replaced. */
  client_secrets: z.array(z.string()),
  subscription_keys: z.array(z.string()),
  /** Seconds that an access token holds. */
  expires_in: z.int().min(1),
  latency_ms: z.int().min(0),
  /** How far lists lag behind; single rows never do. */
  lag_seconds: z.int().min(0),
  /** Calls that are allowed; 0 is without a limit. */
  per_second: z.int().min(0),
  per_day: z.int().min(0),
  /** Entities that the user has no permission for. */
  forbidden: z.array(z.string()),
  /** The most rows that an alt-* list or an ad-hoc query gives, whatever its limit. */
  most_rows: z.int().min(1),
  slow_ms: z.int().min(0),
  timeout_ms: z.int().min(0),
});
export type BlackbaudSettings = z.output<typeof blackbaudSettings>;

export const initialSettings: BlackbaudSettings = {
  client_id: simulatedLogin.clientId,
  client_secrets: [simulatedLogin.secret, 'simulator-secret-2'],
  subscription_keys: [simulatedLogin.subscriptionKey],
  expires_in: 3_600,
  latency_ms: 0,
  lag_seconds: 0,
  per_second: 0,
  per_day: 0,
  forbidden: [],
  most_rows: 10_000,
  slow_ms: 2_000,
  timeout_ms: 15_000,
};
