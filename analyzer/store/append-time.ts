/** The span of times that a calendar date can be given for, in milliseconds before and after 1970. */
export const MAX_TIME_MS = 8.64e15;

/**
 * The append time of a record within the calendar: where a topic takes its records' times from producers, it can be any
 * 64-bit number, and the tables' timestamps can not.
 */
export const appendTimeOf = ({ appendTime }: { readonly appendTime: number }): number =>
  appendTime > MAX_TIME_MS ? MAX_TIME_MS : appendTime < -MAX_TIME_MS ? -MAX_TIME_MS : appendTime;
