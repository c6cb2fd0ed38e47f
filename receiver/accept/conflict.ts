/** Why a repeat is rejected: the first record stays, and other content needs another key. */
export const CONFLICT = 'this event id or key came before with other content: use a new one, or send the same again';
