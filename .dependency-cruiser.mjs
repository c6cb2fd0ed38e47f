const services = '^(receiver|storage|analyzer)/';

/** Who may import whom. `npm run rules` checks it. */
export default {
  forbidden: [
    {
      name: 'services-stay-apart',
      comment: 'A service talks to another one through Kafka and HTTP, never through its code.',
      severity: 'error',
      from: { path: services },
      to: { path: services, pathNot: '^$1/' },
    },
    {
      name: 'core-knows-only-schemas',
      severity: 'error',
      from: { path: '^core/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(receiver|storage|analyzer|stack|test|bench)/' },
    },
    {
      name: 'schemas-know-nobody',
      severity: 'error',
      from: { path: '^schemas/' },
      to: { path: '^(core|receiver|storage|analyzer|stack|test|bench)/' },
    },
    {
      name: 'services-do-not-need-the-local-stack',
      comment:
        'A service is given addresses; what runs behind them is none of its business. Its tests may use the harness.',
      severity: 'error',
      from: { path: services, pathNot: ['/test/', '[.]test[.]ts$'] },
      to: { path: '^(stack|test|bench)/' },
    },
    {
      name: 'stack-and-tools-use-core-and-schemas',
      severity: 'error',
      from: { path: '^stack/' },
      to: { path: '^(receiver|storage|analyzer|test|bench)/' },
    },
    {
      name: 'only-core-stream-knows-kafkajs',
      comment:
        'kafkajs has had no release for years: one folder to change when it must go. The bench measures it bare.',
      severity: 'error',
      from: { pathNot: '^(core/stream|bench)/' },
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
    exclude: { path: '/dist/|node_modules/.cache' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
