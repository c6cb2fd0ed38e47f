import type { Config } from '@millrace/core/config/read-config';
import type { Stream } from '@millrace/core/schema/stream';
import type { DryAnswer } from '../dry/answer-dry-run.ts';
import type { Outcome } from '../evaluate/outcome.ts';
import type { RuleDefinition } from '../rule/definition.ts';
import type { RulesSettings } from '../settings.ts';
import type { Roles } from '../streams/roles.ts';

/** The first message to either thread. */
export type ThreadSettings = {
  readonly config: Config;
  readonly settings: Pick<
    RulesSettings,
    'RULES_CLOCK_SKEW_MS' | 'MAX_CHAIN_DEPTH' | 'RULES_KEEP_NOT_WON' | 'RULES_OFF_AT_FAILURES'
  >;
  readonly streams: readonly Stream[];
  /** Some of the streams. */
  readonly roles: Roles;
};

/** What is asked of a dry run. All of it can be sent to a thread. */
export type DryRunQuestion = {
  readonly definition: RuleDefinition;
  readonly identity: { readonly ruleId: string; readonly version: number };
  /** Whether the version in use is compared with. */
  readonly isCompared: boolean;
  readonly from: number;
  readonly to: number;
  readonly currentAccounts: boolean;
};

export type HistoryAnswers = {
  /** Resolves with what a rule would have done. */
  readonly dryRun: (id: number, question: DryRunQuestion) => Promise<DryAnswer>;
  /** Ends a dry run, which then rejects. */
  readonly cancel: (id: number) => Promise<void>;
  /** Says that there may be gaps to fill. */
  readonly fill: () => Promise<void>;
};

/** Takes what the thread of history reports. */
export type HistoryEvents = {
  /** A dry run has read further records: their count. */
  readonly read: (id: number, records: number) => void;
  /** Outcomes of a kind were written. */
  readonly written: LiveEvents['written'];
};

/** Takes what the thread of live evaluation reports. */
export type LiveEvents = {
  /** How many evaluations were done, and how many failed, since the last report. */
  readonly evaluated: (done: number, failed: number) => void;
  /** Outcomes of a kind were written. */
  readonly written: (outcome: Outcome['outcome'], count: number) => void;
  /** Records of a topic can't be evaluated. */
  readonly unusable: (topic: string, records: number) => void;
  /** A failing rule was turned off. */
  readonly turnedOff: () => void;
  /** How many account partitions the thread evaluates now. */
  readonly partitions: (count: number) => void;
};
