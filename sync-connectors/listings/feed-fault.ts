/** Why a feed could not be read to its end. Its message is shown to people. */
export class FeedFault extends Error {
  override readonly name = 'FeedFault';
}
