/** What a person can act on: its text is the one line they see, without a stack trace. */
export class StackError extends Error {
  override readonly name = 'StackError';
}
