/**
 * The layers of docs/architecture.md. Imports run one way; scripts/layers.test.ts proves that this bites.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'shared-is-pure',
      comment: 'shared imports shared alone: no process, no window, no framework.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(main|preload|renderer|test|scripts)/' },
    },
    {
      name: 'shared-takes-pure-packages',
      comment: 'shared runs in both processes: it takes packages that need neither Node nor a page.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$|\\.test-support\\.ts$' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: '^node_modules/(zod|@noble/hashes|ipaddr\\.js|diff)/',
      },
    },
    {
      name: 'shared-needs-no-node',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-knows-the-contract-alone',
      severity: 'error',
      from: { path: '^preload/' },
      to: { pathNot: '^(preload|shared/contract)/|^node_modules/electron/|^electron$' },
    },
    {
      name: 'main-takes-shared',
      severity: 'error',
      from: { path: '^main/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(preload|renderer|test|scripts)/' },
    },
    {
      name: 'renderer-takes-shared',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(preload|main|test|scripts)/' },
    },
    {
      name: 'renderer-needs-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-stands-at-the-edge',
      comment: 'Only main/app and preload import electron, so that all else runs in plain Node as well.',
      severity: 'error',
      from: { path: '^(main|shared|renderer)/', pathNot: '^main/app/' },
      to: { path: '^node_modules/electron/|^electron$' },
    },
    {
      name: 'capability-by-its-index',
      comment: 'A capability reaches another by its index.ts alone.',
      severity: 'error',
      from: { path: '^main/capability/([^/]+)/' },
      to: { path: '^main/capability/[^/]+/', pathNot: '^main/capability/($1/|[^/]+/index\\.ts$)' },
    },
    {
      name: 'feature-reaches-no-feature',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'feature-by-its-index',
      comment: 'The shell takes a feature by its index.ts.',
      severity: 'error',
      from: { path: '^renderer/(shell|api|ui|i18n)/|^renderer/[^/]+\\.ts$', pathNot: '\\.test\\.ts$' },
      to: { path: '^renderer/features/[^/]+/', pathNot: '^renderer/features/[^/]+/index\\.ts$' },
    },
    {
      name: 'transport-knows-no-host',
      comment: 'main/ssh carries; what is done over it stands above.',
      severity: 'error',
      from: { path: '^main/ssh/', pathNot: '\\.test\\.ts$' },
      to: { path: '^main/(host|capability|app|store)/' },
    },
    {
      name: 'only-the-engine-writes-to-a-host',
      comment: 'A section that acts is made by acting.ts, which the change engine alone may call.',
      severity: 'error',
      from: { path: '^main/', pathNot: '^main/host/change/' },
      to: { path: '^main/host/change/acting\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'host-process-knows-no-window',
      severity: 'error',
      from: { path: '^main/(ssh|host|capability|store)/' },
      to: { path: '^main/app/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shipped-code-takes-shipped-packages',
      severity: 'error',
      from: { path: '^(main|preload|shared|renderer)/', pathNot: '\\.test\\.ts$|\\.test-support\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/(electron|vite)/',
      },
    },
    {
      name: 'what-is-imported-is-there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?|^~icons/' },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(out|dist|demo|test-results)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.vue', '.json'],
    },
  },
}
