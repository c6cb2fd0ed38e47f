type Options = Readonly<Record<string, { readonly type: 'boolean' }>>;

/** See read-arguments.mjs, which also scripts read that run before anything is installed. */
export function readArguments<Given extends Options = Record<never, never>>(reading: {
  readonly usage: string;
  readonly options?: Given;
  /** How many arguments it takes beside the options. */
  readonly most?: number;
}): {
  readonly values: { readonly [Name in keyof Given]?: boolean };
  readonly positionals: readonly string[];
};
