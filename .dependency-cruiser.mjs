import { readdirSync } from 'node:fs';
import { packages, services } from './scripts/packages.mjs';

const isService = `^(${services.join('|')})/`;
const but = (...allowed) => `^(${['scripts', ...packages].filter((name) => !allowed.includes(name)).join('|')})/`;

/** Which folders of core may use which, when they run; types may be shared freely. A folder that is not here may use none. */
const coreFolders = {
  access: ['config', 'log', 'problem'],
  config: ['log', 'problem', 'services'],
  retry: ['log', 'problem', 'promise'],
  schema: ['problem', 'table'],
  table: ['schema'],
  evolution: ['problem', 'schema'],
  thread: ['log', 'problem', 'promise', 'service'],
  stream: ['evolution', 'log', 'problem', 'promise', 'retry', 'schema', 'trace'],
  order: ['log', 'promise', 'schema', 'stream'],
  record: ['problem', 'schema', 'stream'],
  database: ['log', 'problem', 'retry'],
  checkpoint: ['database', 'retry', 'stream'],
  openapi: ['access', 'http', 'problem', 'schema', 'services'],
  http: ['access', 'config', 'log', 'problem', 'schema', 'trace'],
  service: ['config', 'log', 'metrics', 'problem', 'retry'],
};
const coreRules = readdirSync(new URL('core', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['dist', 'test', 'node_modules'].includes(entry.name))
  .map(({ name }) => ({
    name: `core-${name}-uses-${(coreFolders[name] ?? ['nothing']).join('-')}`,
    severity: 'error',
    from: { path: `^core/${name}/`, pathNot: '[.]test[.]ts$' },
    to: {
      path: '^core/',
      pathNot: `^core/(${[name, ...(coreFolders[name] ?? [])].join('|')})/`,
      dependencyTypesNot: ['type-only'],
    },
  }));

const isTest = ['/test/', '[.]test[.]ts$'];

/** Who may import whom. `npm run rules` checks it. */
export default {
  forbidden: [
    ...coreRules,
    {
      name: 'services-stay-apart',
      comment: 'A service talks to another one through Kafka and HTTP, never through its code.',
      severity: 'error',
      from: { path: isService },
      to: { path: isService, pathNot: '^$1/' },
    },
    {
      name: 'core-knows-only-schemas',
      severity: 'error',
      from: { path: '^core/', pathNot: isTest },
      to: { path: but('core', 'schemas') },
    },
    {
      name: 'schemas-know-nobody',
      severity: 'error',
      from: { path: '^schemas/' },
      to: { path: but('schemas') },
    },
    {
      name: 'services-do-not-need-the-local-stack',
      comment:
        'A service is given addresses; what runs behind them is none of its business. Its tests may use the harness.',
      severity: 'error',
      from: { path: isService, pathNot: isTest },
      to: { path: but('core', 'schemas', ...services) },
    },
    {
      name: 'stack-and-tools-use-core-and-schemas',
      severity: 'error',
      from: { path: '^stack/', pathNot: isTest },
      to: { path: but('stack', 'core', 'schemas') },
    },
    {
      name: 'only-core-stream-knows-kafkajs',
      comment:
        'kafkajs has had no release for years: one folder to change when it must go. The bench measures it bare.',
      severity: 'error',
      from: { pathNot: '^(core/stream|bench)/|^core/test/unpatched' },
      to: { path: 'node_modules/(kafkajs|@kafkajs)/' },
    },
    {
      name: 'only-core-database-knows-the-driver',
      severity: 'error',
      from: { pathNot: '^(core/database|bench)/' },
      to: { path: 'node_modules/(knex|mysql2)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Files that only share types may name each other; files that run may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'nothing-missing', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/|node_modules/.cache|^[.]' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
