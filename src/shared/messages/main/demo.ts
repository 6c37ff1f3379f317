/** Texts of the demo data. */
export const demoTexts = {
  load: 'Load demo data',
  readingTrace: 'Reading the trace',
  records: 'Users, teams, subscriptions and keys',
  notEmpty: 'The demo needs an empty workspace: {{obstacle}}.',
  notEmptyHint: 'Set up another database for the demo.',
  remove: 'Remove demo data',
  notLoaded: 'No demo data is loaded.',
  obstacle: {
    users: 'it has users',
    teams: 'it has teams',
    models: 'it has models',
    usage: 'it has usage',
    linked: 'it is linked to a LiteLLM proxy',
    loaded: 'the demo is loaded',
  },
  step: {
    requests: 'Requests',
    apiKeys: 'API keys',
    subscriptions: 'Subscriptions',
    history: 'Subscription history',
    teams: 'Teams',
    people: 'Users',
    prices: 'Prices',
    models: 'Models',
    totals: 'Usage totals',
  },
};
