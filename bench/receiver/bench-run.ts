/** A run as an app would post it, of another user each time. */
export function benchRun(n: number) {
  const user = (n % 10_000).toString(16).padStart(12, '0');
  return {
    user_id: `d290f1ee-6c54-4b01-90e6-${user}`,
    duration: 1805.5 + (n % 1000),
    distance: 5012.3 + (n % 1000),
    timestamp: '2026-03-14T07:32:10.000Z',
  };
}
