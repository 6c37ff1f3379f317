import { describe, expect, it } from 'vitest';
import { withdrawDatabaseVariables } from './database-environment';

describe('the variables of PostgreSQL’s clients', () => {
  it('leave the environment, and are answered for whoever needs them', () => {
    const environment: NodeJS.ProcessEnv = {
      PATH: '/bin',
      PGSSLMODE: 'verify-full',
      PGOPTIONS: '-c default_transaction_read_only=on',
      PGPASSWORD: 'secret',
      PGCLIENT_ENCODING: 'LATIN1',
      PGSERVICEFILE: '/nowhere',
      NODE_PG_FORCE_NATIVE: '1',
      PGP_KEY: 'not PostgreSQL’s',
      LITEMAAS_DATA_DIR: '/data',
    };
    const before = { ...environment };
    expect(withdrawDatabaseVariables(environment)).toEqual(before);
    expect(environment).toEqual({ PATH: '/bin', PGP_KEY: 'not PostgreSQL’s', LITEMAAS_DATA_DIR: '/data' });
  });
});
