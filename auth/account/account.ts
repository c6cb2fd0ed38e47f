/** A client authenticates itself, a user is authenticated by the password grant. Each kind has names of its own. */
export type AccountKind = 'client' | 'user';

/** Who tokens are issued to. */
export type Account = {
  readonly kind: AccountKind;
  readonly name: string;
  /** The `sub` of its tokens. */
  readonly subject: string;
  readonly scopes: readonly string[];
  /** argon2id, as a PHC string. */
  readonly secretHash: string;
};

/** An account as it is set up, with its secret as text. */
export type NewAccount = Omit<Account, 'secretHash'> & { readonly secret: string };

/** Printable ASCII without a space: fit for a header, a form and an ASCII column alike. */
const NAME = /^[\x21-\x7e]{1,100}$/;
export const NAME_RULE = 'must be 1 to 100 printable characters without a space';

export const isName = (text: string): boolean => NAME.test(text);
