import type { RequestListener } from 'node:http';

const HOSTS = ['127.0.0.1', 'localhost'];
const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, content-type, x-requested-with',
  'access-control-max-age': '600',
};

/**
 * Lets the platform's own pages at `/docs` read what `/token` answers (CORS): those on a service's port, by both loopback names. A page of
 * any other origin gets none of these headers, so its browser keeps the answer from it; every other path has none at all.
 */
export function answerOwnPages(ports: Readonly<Record<string, number>>): (app: RequestListener) => RequestListener {
  const own = new Set(
    Object.values(ports).flatMap((port) => HOSTS.map((host) => new URL(`http://${host}:${port}`).origin)),
  );
  return (app) => (req, res) => {
    if (req.url?.split('?')[0] === '/token') {
      const { origin } = req.headers;
      res.setHeader('vary', 'Origin');
      if (origin !== undefined && own.has(origin)) {
        res.setHeader('access-control-allow-origin', origin);
        if (req.method === 'OPTIONS') for (const [name, value] of Object.entries(PREFLIGHT)) res.setHeader(name, value);
      }
    }
    app(req, res);
  };
}
