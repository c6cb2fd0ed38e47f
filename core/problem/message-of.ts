/** What anything thrown says, without its causes. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
