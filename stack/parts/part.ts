export type PartName = 'mariadb' | 'kafka' | 'registry' | (string & {});

/** One real process of the stack: how to start it and how to know that it works. */
export type Part = {
  readonly name: PartName;
  /** Where it listens on loopback. */
  readonly port: number;
  /** The environment variable that moves it. */
  readonly portVariable: string;
  /** Makes folders, formats storage: done before each start, so it must do nothing the second time. */
  prepare?(): Promise<void>;
  /** Asked afresh at each start, as a port inside may have been taken meanwhile. */
  command(): Promise<Command>;
  /** Whether it answers in its own protocol. Never throws. */
  ready(): Promise<boolean>;
  /** Why it is not ready, in its own words; undefined when it does not say. Never throws. */
  explain?(): Promise<string | undefined>;
  /** Settles what can only be set once it answers, such as a global rule. Its error message follows the part's name. */
  configure?(): Promise<void>;
  /** How long it may take to stop after SIGTERM before it is killed. */
  readonly stopWithinMs: number;
  /** Called once a part that was ready has ended without being killed: what it left behind is whole. */
  exited?(): Promise<void>;
};

export type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
};
