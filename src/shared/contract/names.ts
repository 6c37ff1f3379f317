import type { ProcedureKind } from './define';

/**
 * The contract's names and kinds without zod: what the sandboxed preload needs, and no more.
 * A test compares it with the contract.
 */
export const procedureNames = {
  app: { watch: 'query', info: 'query', cancelJob: 'command' },
  workspace: {
    list: 'query',
    setUpLocal: 'job',
    connect: 'job',
    open: 'job',
    close: 'command',
    forget: 'command',
  },
  database: {
    status: 'query',
    migrations: 'query',
    migrate: 'job',
    partitions: 'query',
    createPartitions: 'command',
    serverLog: 'query',
    startServer: 'job',
    stopServer: 'job',
    setAside: 'job',
    revealConnection: 'command',
  },
  sync: {
    status: 'query',
    test: 'query',
    link: 'command',
    unlink: 'command',
    run: 'job',
    history: 'query',
    objects: 'query',
  },
  demo: { status: 'query', load: 'job', remove: 'job' },
  overview: { counts: 'query', attention: 'query' },
  users: { list: 'query', get: 'query', options: 'query', exportCsv: 'file' },
  teams: { list: 'query', get: 'query', members: 'query', options: 'query', exportCsv: 'file' },
  models: { options: 'query' },
  subscriptions: { list: 'query', get: 'query', exportCsv: 'file' },
  apiKeys: { list: 'query', get: 'query', options: 'query', exportCsv: 'file' },
  usage: { totals: 'query', series: 'query', breakdown: 'query', exportCsv: 'file' },
} as const satisfies Record<string, Record<string, ProcedureKind>>;
