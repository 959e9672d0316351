/**
 * Who may import whom. A room may import itself, the rooms listed here, and spec/. Everything
 * else is a wrong turn of the data: plan/ never imports runtime/, operators/ or connectors/.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  types: ['errors'],
  batch: ['errors', 'types', 'plan'],
  sql: ['errors'],
  catalog: ['errors', 'types', 'sql'],
  expr: ['errors', 'types', 'batch', 'plan'],
  plan: ['errors', 'types', 'batch', 'sql', 'catalog', 'expr'],
  state: ['errors', 'types', 'batch', 'plan'],
  operators: ['errors', 'types', 'batch', 'expr', 'plan', 'state'],
  formats: ['errors', 'types', 'batch', 'plan', 'expr'],
  connectors: ['errors', 'types', 'batch', 'plan', 'expr', 'formats', 'state', 'operators'],
  native: ['errors', 'types', 'batch', 'plan', 'runtime', 'state'],
  checkpoint: ['errors', 'types', 'batch', 'plan', 'state', 'runtime'],
  runtime: [
    'errors', 'types', 'batch', 'expr', 'plan', 'state', 'operators', 'formats', 'connectors',
    'native', 'checkpoint',
  ],
  api: [
    'errors', 'types', 'batch', 'sql', 'catalog', 'plan', 'expr', 'state', 'runtime', 'native',
    'checkpoint', 'connectors', 'formats',
  ],
  cli: ['errors', 'types', 'batch', 'sql', 'api', 'native', 'connectors', 'index'],
  index: ['errors', 'types', 'batch', 'sql', 'api', 'native', 'connectors'],
};

/**
 * The same for the rooms of native/, as their `#include` name them. formats/ and sources/ share
 * what a source's table says; an aggregate is handed the context of its operator.
 */
export const NATIVE_LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  columnar: ['base'],
  plan: ['base', 'columnar'],
  kernels: ['base', 'columnar', 'plan'],
  generated: ['kernels'],
  state: ['base', 'columnar'],
  aggregates: ['base', 'columnar', 'plan', 'kernels', 'state', 'operators'],
  formats: ['base', 'columnar', 'kernels', 'sources'],
  sources: ['base', 'columnar', 'plan', 'formats', 'operators'],
  operators: [
    'base', 'columnar', 'plan', 'kernels', 'state', 'aggregates', 'formats', 'sources',
  ],
  pipeline: ['base', 'columnar', 'plan', 'state', 'operators'],
  addon: [
    'base', 'columnar', 'plan', 'kernels', 'generated', 'state', 'formats', 'sources', 'operators',
    'pipeline',
  ],
};
