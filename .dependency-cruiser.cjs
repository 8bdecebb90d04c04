/** Who may import whom: docs/architecture.md. A path not allowed here is an error. */
const lib = (folder) => `^lib/${folder}/`
const ours = '^(app|components|messages|lib|bin|e2e|bench|test)/'
const tests = '\\.test\\.tsx?$'
const rule = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: tests },
  to: { path: ours, pathNot: [from, '^lib/error\\.ts$', lib('errors'), ...allowed] },
})

/** A room of the market. */
const room = (folder) => lib(`market/${folder}`)
const marketParts = [
  '^lib/(env|log|part-away|problem|request-id)\\.ts$',
  ...['db', 'chain', 'deploy', 'storage', 'jobs', 'indexer', 'sealing', 'minting', 'api', 'outbound', 'openai'].map(
    lib,
  ),
  ...['money', 'manifest', 'merkle', 'weights', 'fingerprint', 'payer', 'programs'].map(lib),
]

module.exports = {
  forbidden: [
    rule('an-error-has-its-sentence', '^lib/error\\.ts$', ['^messages/', lib('errors')]),
    rule('errors-are-types', lib('errors'), ['^lib/chain/(contract-abis|states)\\.ts$', lib('money')]),
    rule('problems-carry-errors', '^lib/problem\\.ts$', []),
    rule('messages-only-format', '^messages/', [lib('errors'), lib('format'), '^lib/chain/states\\.ts$']),
    rule('money-is-pure', lib('money'), []),
    rule('merkle-is-pure', lib('merkle'), []),
    rule('metering-is-pure', lib('metering'), []),
    rule('format-is-pure', lib('format'), [lib('money')]),
    rule('programs-is-pure', lib('programs'), []),
    rule('manifest-is-pure', lib('manifest'), [lib('merkle')]),
    rule('sealing-stands-alone', lib('sealing'), []),
    rule('browser-stands-alone', lib('browser'), ['^lib/problem\\.ts$']),
    rule('weights-is-pure', lib('weights'), [lib('manifest')]),
    rule('onnx-reads-weights', lib('onnx'), [lib('weights')]),
    rule('inference-runs-onnx', lib('inference'), [lib('onnx'), lib('weights')]),
    rule('fingerprint-is-given-a-runtime', lib('fingerprint'), [
      lib('weights'),
      lib('merkle'),
      '^lib/inference/runtime\\.ts$',
    ]),
    rule('api-is-a-description', lib('api'), ['^lib/chain/states\\.ts$']),
    rule('client-asks-the-api', lib('client'), [lib('api'), '^lib/problem\\.ts$']),
    rule('outbound-stands-alone', lib('outbound'), []),
    rule('openai-asks-endpoints', lib('openai'), [lib('outbound')]),
    rule('serve-answers-with-a-runtime', lib('serve'), [lib('inference'), lib('weights')]),
    rule('gateway-meters-and-settles', lib('gateway'), [
      lib('metering'),
      lib('chain'),
      lib('format'),
      '^lib/serve/(assert-host|listen|read-body)\\.ts$',
    ]),
    rule('payer-pays-anywhere', lib('payer'), [
      lib('metering'),
      '^lib/gateway/(sse|wire-error)\\.ts$',
      '^lib/gateway/formats/(chat|choices|format|openai-error)\\.ts$',
    ]),
    rule('chain-stands-alone', lib('chain'), [lib('money')]),
    rule('deploy-writes-the-chain', lib('deploy'), [lib('chain')]),
    rule('db-types-come-from-their-homes', lib('db'), [lib('api'), lib('chain'), lib('manifest'), lib('minting')]),
    rule('storage', lib('storage'), [lib('manifest')]),
    rule('backup', lib('backup'), ['db', 'manifest', 'sealing', 'storage'].map(lib)),
    rule('jobs', lib('jobs'), [lib('db'), '^lib/log\\.ts$']),
    rule('indexer', lib('indexer'), [lib('db'), lib('chain'), lib('money')]),
    rule('minting-is-a-protocol', lib('minting'), [
      '^lib/problem\\.ts$',
      ...['chain', 'fingerprint', 'manifest', 'sealing'].map(lib),
    ]),
    rule('the-log-is-for-servers', '^lib/log\\.ts$', ['^lib/(env|request-id)\\.ts$', lib('format')]),
    rule('market-is-the-pages-only-door', lib('market'), marketParts),
    rule('market-context-opens', room('context'), marketParts),
    rule('market-http', room('http'), [...marketParts, room('context')]),
    rule('market-reads', room('read'), [...marketParts, ...['context', 'http'].map(room)]),
    rule('market-publishes', room('publish'), [...marketParts, ...['context', 'http', 'read'].map(room)]),
    rule('market-answers-the-api', room('api'), [...marketParts, ...['context', 'http', 'read', 'webhooks'].map(room)]),
    rule('market-tells-webhooks', room('webhooks'), [...marketParts, ...['context', 'http', 'read'].map(room)]),
    rule('market-checks-hosts', room('hosts'), [...marketParts, ...['context', 'http', 'read'].map(room)]),
    rule('market-mints', room('mint'), [...marketParts, ...['context', 'http', 'read'].map(room)]),
    rule('components', '^components/', [
      ...[
        'api',
        'browser',
        'format',
        'chain',
        'inference',
        'fingerprint',
        'weights',
        'manifest',
        'money',
        'merkle',
        'payer',
        'programs',
      ].map(lib),
      '^lib/metering/status-message\\.ts$',
      '^lib/problem\\.ts$',
      '^lib/market/read/views\\.ts$',
      '^lib/minting/(failure|report|stages)\\.ts$',
    ]),
    rule('primitives-know-nothing-of-ours', '^components/ui/', []),
    rule('pages', '^app/', [
      '^components/',
      ...['api', 'chain', 'format', 'market', 'minting', 'manifest', 'money'].map(lib),
    ]),
    rule('e2e-is-a-browser-and-the-chain', '^e2e/', [
      '^test/',
      ...['chain', 'deploy', 'format', 'metering', 'money', 'inference'].map(lib),
    ]),
    {
      name: 'lib-never-imports-screens',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(app|components)/' },
    },
    {
      name: 'programs-never-import-the-servers-door',
      severity: 'error',
      from: { path: '^bin/' },
      to: { path: '^lib/market/' },
    },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { path: '^(app|components|lib|bin)/', pathNot: tests },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  required: [
    {
      name: 'server-only',
      severity: 'error',
      module: { path: '^lib/(deploy|market)/', pathNot: tests },
      to: { path: '(^|/)node_modules/server-only/|^server-only$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}
