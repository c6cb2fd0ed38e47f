import helmet from 'helmet';

/**
 * Helmet for an API that may also serve its own documentation page: scripts only from here, nobody may frame it.
 * Strict-Transport-Security is left to whoever ends TLS, and plain HTTP on a local network is not upgraded.
 */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
});
