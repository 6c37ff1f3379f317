/** What libpq and pg obey, whatever they are told otherwise (PostgreSQL documentation, "Environment Variables"). */
const obeyed = /^(?:PG(?!P_)[A-Z_]+|NODE_PG_FORCE_NATIVE)$/i;

/**
 * Takes the variables of PostgreSQL's clients out of an environment and answers what it was before. They are meant for
 * other programs and other servers: PGSSLMODE, PGOPTIONS or PGPASSWORD must reach neither the local server nor a
 * workspace that says otherwise. Discovery and the password file are given the answer.
 */
export function withdrawDatabaseVariables(
  environment: NodeJS.ProcessEnv,
): Readonly<Record<string, string | undefined>> {
  const before = { ...environment };
  for (const name of Object.keys(environment)) {
    if (obeyed.test(name)) Reflect.deleteProperty(environment, name);
  }
  return before;
}

/** This process's environment as it was started with. An entry imports it first: pg reads one variable when it loads. */
export const environment = withdrawDatabaseVariables(process.env);
