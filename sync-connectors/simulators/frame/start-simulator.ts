import { type HttpServer, serveHttp } from '@millrace/core/http/serve-http';
import { createLog } from '@millrace/core/log/create-log';
import { answerControl, type ControlSettings } from './control.ts';
import { type Exchange, readExchange, sendJson } from './exchange.ts';
import { createFaults, type Faults } from './faults.ts';
import type { VendorData } from './vendor-data.ts';

export type Simulator = HttpServer;

type SimulatorParts = {
  readonly name: string;
  readonly host?: string;
  readonly port: number;
  readonly data: VendorData;
  readonly settings: ControlSettings;
  readonly actions?: Readonly<Record<string, () => void>>;
  /** Milliseconds between two steps of the vendor's day; 0 leaves what it has as it is. */
  readonly growEveryMs?: number;
  readonly answer: (exchange: Exchange, faults: Faults) => Promise<void>;
};

/** No request of a simulator is worth waiting for: a call that hangs is cut with it. */
const CLOSE_WITHIN_MS = 100;
/** Slow answers are what a simulator is for. */
const REQUEST_MS = 600_000;

/** A vendor on a port of its own, with its control API. Growth ends with it. */
export async function startSimulator(parts: SimulatorParts): Promise<Simulator> {
  const { name, port, data, settings, actions, growEveryMs = 0, answer } = parts;
  const faults = createFaults();
  const log = createLog({ name, level: 'error' });
  const server = await serveHttp(
    {
      host: parts.host ?? '127.0.0.1',
      port,
      name,
      log,
      closeWithinMs: CLOSE_WITHIN_MS,
      limits: { requestMs: REQUEST_MS },
    },
    (req, res) => {
      void readExchange(req, res)
        .then(async (exchange) => {
          if (!exchange) return res.destroy();
          if (['/healthz', '/readyz'].includes(exchange.url.pathname)) return sendJson(res, 200, { status: 'ok' });
          if (/^\/control(\/|$)/.test(exchange.url.pathname))
            return answerControl(exchange, actions ? { data, faults, settings, actions } : { data, faults, settings });
          return answer(exchange, faults);
        })
        .catch((error: unknown) => {
          log.error({ err: error }, 'the simulator failed');
          if (res.headersSent) res.destroy();
          else sendJson(res, 500, { statusCode: 500, message: 'the simulator failed' });
        });
    },
  );
  const growth = growEveryMs > 0 ? setInterval(() => data.grow(), growEveryMs).unref() : undefined;
  return {
    ...server,
    close() {
      clearInterval(growth);
      return server.close();
    },
  };
}
