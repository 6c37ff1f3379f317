const names = {
  'workspace.setUpLocal': 'app.jobs.names.setUpLocal',
  'workspace.connect': 'app.jobs.names.connect',
  'workspace.open': 'app.jobs.names.open',
  'workspace.update': 'app.jobs.names.update',
  'workspace.forget': 'app.jobs.names.forget',
  'database.migrate': 'app.jobs.names.migrate',
  'database.startServer': 'app.jobs.names.startServer',
  'database.stopServer': 'app.jobs.names.stopServer',
  'database.setAside': 'app.jobs.names.setAside',
  'sync.run': 'app.jobs.names.sync',
  'settings.changeReportingTimeZone': 'app.jobs.names.changeReportingTimeZone',
  'health.reconcile': 'app.jobs.names.healthReconcile',
  'health.repair': 'app.jobs.names.healthRepair',
  'demo.load': 'app.jobs.names.demoLoad',
  'demo.remove': 'app.jobs.names.demoRemove',
} as const;

/** The catalogue key of a job's name, by the procedure that started it. */
export function jobName(procedure: string): (typeof names)[keyof typeof names] | 'app.jobs.names.other' {
  return procedure in names ? names[procedure as keyof typeof names] : 'app.jobs.names.other';
}
