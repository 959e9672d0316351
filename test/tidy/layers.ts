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
  operators: ['errors', 'types', 'batch', 'expr', 'plan', 'state', 'formats', 'connectors'],
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
