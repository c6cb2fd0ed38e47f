/** DEL and the C1 controls, a terminal's among them, and the three that some readers end a line at. JSON needs none of them escaped. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]/g;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A line of JSON that any reader takes for one line, and any terminal for plain text. It means the same. */
export const escapeLineEnds = (line: string): string => line.replace(UNSAFE, escaped);
