import type { Database } from '@millrace/core/database/open-database';
import type { Log } from '@millrace/core/log/create-log';
import type { ToRecord } from '@millrace/core/record/compile-record';
import type { Stream } from '@millrace/core/schema/stream';
import type { Producer } from '@millrace/core/stream/create-producer';
import type { Budget } from '../call/budget.ts';
import type { Caller } from '../call/create-caller.ts';
import type { Connector, Entity } from '../connector.ts';
import type { OnStep } from '../write/step.ts';
import type { Counts, RunState } from './run.ts';

/** A stream that connectors write to. */
export type Target = { readonly stream: Stream; readonly toRecord: ToRecord };

/** A connector and what the frame has opened for it. */
export type OpenConnector = {
  readonly connector: Connector;
  readonly caller: Caller;
  readonly budget: Budget;
  /** Those that are declared and those that it has discovered. */
  entities(): readonly Entity[];
  /** Asks the vendor for entities again. */
  discover(signal: AbortSignal): Promise<void>;
};

/** What every run needs. */
export type RunOptions = {
  readonly db: Database;
  readonly producer: Pick<Producer, 'produce'>;
  /** By the name of the stream. */
  readonly targets: ReadonlyMap<string, Target>;
  readonly staleAfter: number;
  /** Whether nothing at all is a complete answer. */
  readonly allowsEmpty: (connector: string, entity: string) => boolean;
  readonly onRows: (connector: string, entity: string, outcome: keyof Counts, count: number) => void;
  readonly onEnd: (connector: string, entity: string, state: RunState) => void;
  readonly step: OnStep;
  readonly log: Log;
};
