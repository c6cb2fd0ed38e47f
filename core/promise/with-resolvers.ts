export type Resolvers<Value> = {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(reason: unknown): void;
};

/** A promise that is settled from outside: `Promise.withResolvers` of ES2024, which Node 20 does not have. */
export function withResolvers<Value = void>(): Resolvers<Value> {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<Value>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve, reject };
}
