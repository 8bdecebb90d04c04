/** Who may import whom: docs/architecture.md. A path not allowed here is an error. */
const lib = (folder) => `^lib/${folder}/`
const rule = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$' },
  to: { path: '^(app|components|lib|bin|e2e|bench)/', pathNot: [from, '^lib/error\\.ts$', ...allowed] },
})

module.exports = {
  forbidden: [
    rule('error-imports-nothing', '^lib/error\\.ts$', []),
    rule('money-is-pure', lib('money'), []),
    rule('merkle-is-pure', lib('merkle'), []),
    rule('weights-is-pure', lib('weights'), [lib('merkle')]),
    rule('onnx-reads-weights', lib('onnx'), [lib('weights')]),
    rule('inference-runs-onnx', lib('inference'), [lib('onnx'), lib('weights')]),
    rule('fingerprint-is-given-a-runtime', lib('fingerprint'), [
      lib('weights'),
      lib('merkle'),
      '^lib/inference/runtime\\.ts$',
    ]),
    rule('endpoint-stands-alone', lib('endpoint'), []),
    rule('chain-stands-alone', lib('chain'), [lib('money')]),
    rule('db-stands-alone', lib('db'), []),
    rule('storage', lib('storage'), [lib('weights'), lib('merkle')]),
    rule('jobs', lib('jobs'), [lib('db')]),
    rule('indexer', lib('indexer'), [lib('db'), lib('chain'), lib('storage')]),
    rule('market-is-the-pages-only-door', lib('market'), [
      lib('db'),
      lib('chain'),
      lib('storage'),
      lib('jobs'),
      lib('indexer'),
      lib('money'),
      lib('weights'),
      lib('merkle'),
      lib('fingerprint'),
    ]),
    rule('components', '^components/', [
      lib('chain'),
      lib('inference'),
      lib('fingerprint'),
      lib('weights'),
      lib('money'),
      lib('merkle'),
      '^lib/market/types\\.ts$',
    ]),
    rule('pages', '^app/', ['^components/', lib('market'), lib('money')]),
    rule('e2e-is-a-browser-and-the-chain', '^e2e/', [lib('chain'), lib('money'), lib('inference')]),
    {
      name: 'lib-never-imports-screens',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(app|components)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}
