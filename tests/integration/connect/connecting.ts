import { expect } from 'vitest';
import type { ConnectionFields, ConnectionReport } from '../../../src/shared/contract/workspace';
import { AppError } from '../../../src/shared/errors';
import { reportConnection } from '../../../src/main/workspace/connect/connection-report';
import { migrationsFolder } from '../../support/postgres-cluster';

/** A connection form as a person would leave it, apart from what a test changes. */
export function fields(changes: Partial<ConnectionFields>): ConnectionFields {
  return {
    host: '127.0.0.1',
    port: 5432,
    socketFolder: null,
    database: 'postgres',
    user: 'litemaas',
    tlsMode: 'disable',
    caFile: null,
    clientCertificateFile: null,
    clientKeyFile: null,
    channelBinding: 'prefer',
    weakSignInAllowed: false,
    ...changes,
  };
}

/** Test connection, as the console does it. */
export function test(
  connection: ConnectionFields,
  password?: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<ConnectionReport> {
  const access = { connection, password, passwordProblem: null };
  return reportConnection(access, { signal, migrationsFolder });
}

/** What a person is told when the connection fails; a way out is always among it. */
export async function failure(
  connection: ConnectionFields,
  password?: string,
  signal?: AbortSignal,
): Promise<{ code: string; reason: string | undefined; message: string; hint: string | undefined }> {
  const error: unknown = await test(connection, password, signal).then(
    () => new Error('It was opened.'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof AppError)) throw error;
  if (error.code !== 'cancelled') expect(error.hint ?? '', 'a way out').not.toBe('');
  return { code: error.code, reason: error.details?.['reason'], message: error.message, hint: error.hint };
}
