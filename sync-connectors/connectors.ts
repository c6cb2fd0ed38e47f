import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import { z } from 'zod';
import { openBlackbaud } from './blackbaud/blackbaud.ts';
import { blackbaudSettings } from './blackbaud/settings.ts';
import type { Connector } from './frame/connector.ts';
import { openListings } from './listings/listings-connector.ts';
import { listingsSettings } from './listings/listings-settings.ts';

/** What a connector may need besides its settings. */
export type ConnectorParts = {
  readonly db: Database;
  readonly log: Log;
  /** What secrets in the database are sealed under. Throws `invalid-config` where there is none. */
  readonly secretsKey: () => string;
};

/** The connectors' own settings. A connector adds its own: `...blackbaudSettings.shape`. */
export const connectorSettings = z.object({ ...blackbaudSettings.shape, ...listingsSettings.shape });

export type ConnectorSettings = Pick<z.output<typeof connectorSettings>, keyof typeof connectorSettings.shape>;

/** Opens a connector; undefined where its settings say that it is not used. */
export type OpenConnector = (settings: ConnectorSettings, parts: ConnectorParts) => Connector | undefined;

/** Every connector that Millrace ships with. The next one is a folder, and a line here. */
export const connectors: readonly OpenConnector[] = [openBlackbaud, openListings];
