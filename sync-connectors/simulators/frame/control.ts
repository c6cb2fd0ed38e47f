import { z } from 'zod';
import { type Exchange, sendJson } from './exchange.ts';
import { type Faults, faultKinds, NO_FAULTS } from './faults.ts';
import type { VendorData } from './vendor-data.ts';

type ControlParts = {
  readonly data: VendorData;
  readonly faults: Faults;
  /** What else can be set, such as latency: refuses with the names that there are. */
  readonly settings: ControlSettings;
  /** What else `reset` and the vendor's own routes do. */
  readonly actions?: Readonly<Record<string, () => void>>;
};

export type ControlSettings = {
  get(): Readonly<Record<string, unknown>>;
  /** Undefined when all was taken, else what is wrong. */
  set(given: unknown): string | undefined;
  reset(): void;
};

const row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const oneRow = z.object({ entity: z.string(), id: z.coerce.string() });
const change = oneRow.extend({ fields: row });
const add = z.object({ entity: z.string(), count: z.int().min(1).max(100_000).default(1) });
const grow = z.object({ steps: z.int().min(1).max(10_000).default(1) });
const faultPlan = z.object({
  rate: z.number().min(0).max(1),
  kinds: z
    .array(z.preprocess((kind) => String(kind), z.enum(faultKinds)))
    .min(1)
    .default([...faultKinds]),
  seed: z.int().default(1),
});

/** Answers what begins with `/control`: how people and tests steer a simulated vendor. */
export function answerControl(exchange: Exchange, { data, faults, settings, actions = {} }: ControlParts): void {
  const { method, url, res } = exchange;
  const body = bodyOf(exchange.body);
  const bad = (message: string) => sendJson(res, 400, { error: message });
  const missing = (entity: string, id: string) => sendJson(res, 404, { error: `${entity} has no ${id}` });
  const isEntity = (entity: string) => data.ids(entity) !== undefined;
  const unknownEntity = (entity: string) =>
    bad(`unknown entity ${entity}: one of ${Object.keys(data.counts()).join(', ')}`);
  function withBody<Body>(type: z.ZodType<Body>, then: (parsed: Body) => void): void {
    const parsed = type.safeParse(body);
    if (parsed.success) then(parsed.data);
    else bad(z.prettifyError(parsed.error));
  }

  const routes: Readonly<Record<string, () => void>> = {
    'GET /control': () => sendJson(res, 200, data.counts()),
    'GET /control/ids': () => {
      const entity = url.searchParams.get('entity') ?? '';
      return isEntity(entity) ? sendJson(res, 200, data.ids(entity)) : unknownEntity(entity);
    },
    'POST /control/remove': () =>
      withBody(oneRow, ({ entity, id }) => {
        if (!isEntity(entity)) return unknownEntity(entity);
        return data.remove(entity, id) ? sendJson(res, 200, data.counts()) : missing(entity, id);
      }),
    'POST /control/change': () =>
      withBody(change, ({ entity, id, fields }) => {
        if (!isEntity(entity)) return unknownEntity(entity);
        return data.change(entity, id, fields) ? sendJson(res, 200, { entity, id }) : missing(entity, id);
      }),
    'POST /control/add': () =>
      withBody(add, ({ entity, count }) => {
        if (!isEntity(entity)) return unknownEntity(entity);
        return sendJson(res, 200, { entity, ids: data.add(entity, count) });
      }),
    'POST /control/grow': () =>
      withBody(grow, ({ steps }) => {
        for (let step = 0; step < steps; step += 1) data.grow();
        sendJson(res, 200, data.counts());
      }),
    'GET /control/faults': () => sendJson(res, 200, { ...faults.plan(), counts: faults.counts() }),
    'POST /control/faults': () =>
      withBody(faultPlan, (plan) => {
        faults.set(plan);
        sendJson(res, 200, plan);
      }),
    'GET /control/settings': () => sendJson(res, 200, settings.get()),
    'POST /control/settings': () => {
      const wrong = settings.set(body);
      return wrong === undefined ? sendJson(res, 200, settings.get()) : bad(wrong);
    },
    'POST /control/reset': () => {
      data.reset();
      faults.set(NO_FAULTS);
      settings.reset();
      sendJson(res, 200, data.counts());
    },
  };
  const path = url.pathname.replace(/\/$/, '');
  const route = routes[`${method} ${path}`] ?? ownAction(path);
  if (route) route();
  else sendJson(res, 404, { error: `no control ${method} ${path}` });

  function ownAction(ownPath: string): (() => void) | undefined {
    const action = method === 'POST' ? actions[ownPath.replace('/control/', '')] : undefined;
    return (
      action &&
      (() => {
        action();
        sendJson(res, 200, { done: true });
      })
    );
  }
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return undefined;
  }
}
