/** Why a repeat is refused: the first one stands, and the client has to choose another key for what is something else. */
export const CONFLICT = 'this event id or key came before with other content: use a new one, or send the same again';
