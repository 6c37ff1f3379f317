/** Texts of the refusal to be a superuser where others have their hands in. */
export const superuserTexts = {
  refused:
    '“{{user}}” is {{powers}}, and others own things or may create them in the database “{{database}}”: what they left there could run with this role’s rights. This attempt read and changed nothing.',
  powers: {
    superuser: 'a superuser',
    member: 'a member of {{roles}}',
    createRole: 'a role that may make itself any other (CREATEROLE before PostgreSQL 16)',
  },
  everybody: 'Everybody (PUBLIC)',
  hands: {
    ownsDatabase: '{{role}} owns the database {{name}}',
    createsSchemas: '{{role}} may create schemas in {{name}}',
    createsIn: '{{role}} may create in the schema {{name}}',
    createsTriggers_one: '{{role}} may put triggers on {{count}} table',
    createsTriggers_other: '{{role}} may put triggers on {{count}} tables',
    ownsSchema: '{{role}} owns the schema {{name}}',
    functions_one: '{{role}} owns {{count}} function',
    functions_other: '{{role}} owns {{count}} functions',
    views_one: '{{role}} owns {{count}} view',
    views_other: '{{role}} owns {{count}} views',
    tables_one: '{{role}} owns {{count}} table or sequence',
    tables_other: '{{role}} owns {{count}} tables and sequences',
    eventTriggers_one: '{{role}} owns {{count}} event trigger',
    eventTriggers_other: '{{role}} owns {{count}} event triggers',
    types_one: '{{role}} owns {{count}} type',
    types_other: '{{role}} owns {{count}} types',
    operators_one: '{{role}} owns {{count}} operator or operator class',
    operators_other: '{{role}} owns {{count}} operators and operator classes',
    others_one: '{{role}} owns {{count}} other object',
    others_other: '{{role}} owns {{count}} other objects',
  },
  more_one: 'and {{count}} more',
  more_other: 'and {{count}} more',
  beOwner:
    'Connect as “{{owner}}”, who owns this database, or, to look around, as a role that may only SELECT.',
  beOrdinary:
    'Connect as an ordinary role: one that owns what the console works on or, to look around, one that may only SELECT.',
  revoke: 'Or take the rights away: {{statements}}',
};
