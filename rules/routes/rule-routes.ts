import { readOf } from '@millrace/core/access/access';
import { limit } from '@millrace/core/http/parameters';
import { parseQuery, queryOf } from '@millrace/core/http/parse-query';
import { pathParameter } from '@millrace/core/http/path-parameter';
import { invalidBody, readBodyAs } from '@millrace/core/http/read-body-as';
import type { Request, Response, Route } from '@millrace/core/http/route-table';
import { routesOf } from '@millrace/core/schema/routes-of';
import { v7 } from 'uuid';
import { z } from 'zod';
import type { RuleVersion } from '../catalog/catalog.ts';
import type { FollowedRules } from '../catalog/follow-rules.ts';
import type { ChangeRule } from '../change/change-rules.ts';
import { compileDefinition } from '../rule/compile-definition.ts';
import { type RuleDefinition, ruleDefinition } from '../rule/definition.ts';
import { modes } from '../rule/rule.ts';
import type { Subjects } from '../streams/subjects.ts';
import { type Handle, route } from './answered.ts';
import { isDryRun, refuseDryParameters } from './ask-dry-run.ts';
import { knownRule, noSuchRule } from './known-rule.ts';

type Options = {
  readonly rules: FollowedRules;
  readonly subjects: Subjects;
  readonly change: ChangeRule;
  /** Answers what a rule would do. */
  readonly dryRun: Handle;
};

const listQuery = z.object({ limit, cursor: z.string().optional() });
const modeBody = z.strictObject({ mode: z.enum(modes, { error: `must be one of ${modes.join(', ')}` }) });

/** Making, changing, ending and looking at rules. */
export function ruleRoutes({ rules, subjects, change, dryRun }: Options): Route[] {
  const { catalog } = rules;
  const read = readOf(subjects.roles.rules);

  return routesOf(subjects.roles.rules).flatMap((path) => [
    route('get', path, list(path), read),
    route('get', `${path}/:id`, async (req, res) => void res.json(shown(await knownRule(rules, req))), read),
    route('get', `${path}/:id/versions`, versions, read),
    route('post', path, create(path)),
    route('put', `${path}/:id`, replace),
    route('delete', `${path}/:id`, end),
    route('post', `${path}/:id/mode`, setMode),
  ]);

  function list(path: string): Handle {
    return async (req, res) => {
      const params = queryOf(req.url);
      const { limit: most, cursor } = parseQuery(listQuery, params);
      await rules.upToDate();
      const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString();
      const found = catalog.all().filter(({ ruleId }) => ruleId > after);
      const page = found.slice(0, most);
      const last = page.at(-1);
      if (found.length > most && last) {
        params.set('cursor', Buffer.from(last.ruleId).toString('base64url'));
        res.set('link', `<${path}?${params}>; rel="next"`);
      }
      res.json(page.map(shown));
    };
  }

  function create(path: string): Handle {
    return async (req, res) => {
      if (isDryRun(req)) return dryRun(req, res);
      refuseDryParameters(queryOf(req.url));
      const ruleId = v7();
      const definition = await readDefinition(req, ruleId);
      await change(ruleId, () => ({ version: 1, definition }));
      res.status(201).set('location', `${path}/${ruleId}`).json({ rule_id: ruleId, version: 1 });
    };
  }

  async function replace(req: Request, res: Response): Promise<void> {
    const ruleId = pathParameter(req, 'id');
    await knownRule(rules, req);
    const definition = await readDefinition(req, ruleId);
    const changed = await change(ruleId, (now) => {
      const versionNow = now.current(ruleId);
      if (!versionNow) throw noSuchRule(ruleId);
      return { version: versionNow.version + 1, definition };
    });
    res.json({ rule_id: ruleId, version: changed?.version });
  }

  async function setMode(req: Request, res: Response): Promise<void> {
    const ruleId = pathParameter(req, 'id');
    const { mode } = await readBodyAs(req, modeBody);
    const changed = await change(ruleId, (now) => {
      const versionNow = now.current(ruleId);
      if (!versionNow) throw noSuchRule(ruleId);
      if (versionNow.definition.mode === mode) return undefined;
      return { version: versionNow.version, definition: { ...versionNow.definition, mode } };
    });
    res.json({ rule_id: ruleId, version: changed?.version, mode });
  }

  async function end(req: Request, res: Response): Promise<void> {
    const ruleId = pathParameter(req, 'id');
    await change(ruleId, (now) => {
      if (!now.current(ruleId)) throw noSuchRule(ruleId);
      return null;
    });
    res.status(202).json({ rule_id: ruleId });
  }

  async function versions(req: Request, res: Response): Promise<void> {
    const { ruleId } = await knownRule(rules, req);
    res.json(catalog.versions(ruleId).map(shown));
  }

  async function readDefinition(req: Request, ruleId: string): Promise<RuleDefinition> {
    const definition = await readBodyAs(req, ruleDefinition);
    const compiled = compileDefinition(definition, { ruleId, version: 1 }, subjects);
    if ('faults' in compiled) throw invalidBody(compiled.faults);
    return definition;
  }
}

/** A version as it is kept; `faults` says why one is not evaluated any more. */
const shown = ({ json, faults }: RuleVersion) => (faults.length > 0 ? { ...json, faults } : json);
