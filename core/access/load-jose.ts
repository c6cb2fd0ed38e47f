/** Loaded with the first token: it takes 40 ms, and a service that starts has no token yet. */
export const loadJose = () => import('jose');
