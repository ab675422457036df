/* eslint-disable no-undef, @typescript-eslint/no-require-imports -- the tool that reads this file speaks CommonJS */
/** Who may import whom. Every rule has a planted violation in docker/import-rules.spec.ts. */
const LAYERS = [
  ['core', 'contract'],
  ['config', 'database', 'queue', 'templates'],
  ['catalog', 'releases', 'servers', 'runtimes', 'gabungan', 'gateway', 'auth', 'audit', 'backups', 'images'],
  ['runs'],
  ['provisioning', 'rollouts', 'looks'],
];

const libs = (names) => `^libs/(${names.join('|')})/`;
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** From a lower layer nothing above it is seen, apps least of all. */
const layers = LAYERS.slice(0, -1).map((names, level) =>
  rule(
    `layer-${level + 1}-looks-up`,
    `${names.join(', ')} must not import from a layer above`,
    { path: libs(names) },
    { path: `${libs(LAYERS.slice(level + 1).flat())}|^apps/` },
  ),
);

/** A vendor's package has one door; tests may look behind it. */
const DOORS = {
  bullmq: 'libs/queue/',
  dockerode: 'libs/servers/drivers/',
  'node-ssh': 'libs/servers/drivers/',
  ssh2: 'libs/servers/drivers/',
  mysql2: 'libs/gabungan/drivers/',
  handlebars: 'libs/templates/',
};
const doors = Object.entries(DOORS).map(([vendor, door]) =>
  rule(
    `${vendor}-has-one-door`,
    `${vendor} is imported by ${door} alone`,
    { path: '^(apps|libs)/', pathNot: `^${door}` },
    { path: `(^|node_modules/)${vendor}(/|$)` },
  ),
);

module.exports = {
  forbidden: [
    rule(
      'no-circle',
      'circles cannot be understood one file at a time',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    ...layers,
    rule('libs-know-no-app', 'a lib never imports an app', { path: '^libs/' }, { path: '^apps/' }),
    rule(
      'apps-are-strangers',
      'one app never imports another',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule(
      'contract-imports-zod-alone',
      'it runs in the browser too',
      { path: '^libs/contract/', pathNot: '\\.spec\\.ts$' },
      { pathNot: '^libs/contract/|(^|node_modules/)zod(/|$)' },
    ),
    rule(
      'core-imports-nothing-of-ours',
      'everybody stands on core',
      { path: '^libs/core/' },
      { path: '^(libs|apps)/', pathNot: '^libs/core/' },
    ),
    rule(
      'cli-and-console-know-the-contract-alone',
      'they are clients',
      { path: '^apps/(cli|console)/' },
      { path: '^libs/', pathNot: '^libs/contract/' },
    ),
    rule(
      'asking-reaches-no-driver',
      'only the worker touches the world',
      { path: '^apps/(api|cli|console)/' },
      { path: '^libs/([^/]+/drivers|provisioning)/', reachable: true },
    ),
    ...doors,
    rule(
      'rollouts-know-no-step',
      'a rollout starts runs, as a person does',
      { path: '^libs/rollouts/' },
      { path: '^libs/provisioning/steps/' },
    ),
    rule(
      'steps-are-strangers',
      'steps hand nothing to each other',
      { path: '^libs/provisioning/steps/([^/]+)\\.step\\.ts$' },
      { path: '\\.step\\.ts$', pathNot: '/$1\\.step\\.ts$' },
    ),
    rule(
      'product-knows-no-test',
      'what is shipped does not import tests',
      { path: '^(apps|libs)/', pathNot: '\\.spec\\.tsx?$' },
      { path: '^test/' },
    ),
    rule(
      'folders-say-something',
      'these names say nothing about the trade',
      {},
      { path: '/(src|common|shared|utils|helpers|infra|domain)/', pathNot: 'node_modules/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    webpackConfig: { fileName: require('node:path').join(__dirname, 'docker/resolve.cjs') },
  },
};
