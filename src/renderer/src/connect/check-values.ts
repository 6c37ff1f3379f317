import '../ui/zod-without-eval';
import type { FieldErrors, Resolver } from 'react-hook-form';
import type * as z from 'zod';
import { connectionFields, workspaceSettings } from '../../../shared/contract/workspace';
import { toConnection, toSettings, type ConnectionValues } from './connection-values';

/** Fields in which a person can make a mistake; each has a text of its own under `connect.errors`. */
export type CheckedField = keyof Pick<
  ConnectionValues,
  | 'host'
  | 'port'
  | 'socketFolder'
  | 'database'
  | 'user'
  | 'caFile'
  | 'clientCertificateFile'
  | 'clientKeyFile'
  | 'name'
  | 'environmentLabel'
  | 'reportingTimeZone'
>;

/** Where to connect, and as whom: what a test needs. */
export const serverFields = [
  'host',
  'port',
  'socketFolder',
  'database',
  'user',
  'caFile',
  'clientCertificateFile',
  'clientKeyFile',
] as const satisfies readonly CheckedField[];

/**
 * Checks the form by the contract's own schemas. The contract's fields have the form's names, so that each finding
 * is shown where it belongs. Settings alone for the local database, whose place is not ours to choose.
 */
export function checkValues(parts: 'everything' | 'settings'): Resolver<ConnectionValues> {
  return (values) => {
    // A missing name is filled in when it is sent, so any stands for it here.
    const settings = workspaceSettings.safeParse(
      toSettings(values, values.database === '' ? '-' : values.database),
    );
    const issues: z.core.$ZodIssue[] = [...(settings.error?.issues ?? [])];
    if (parts === 'everything') {
      issues.push(...(connectionFields.safeParse(toConnection(values)).error?.issues ?? []));
    }
    if (issues.length === 0) return { values, errors: {} };
    const errors: FieldErrors<ConnectionValues> = Object.fromEntries(
      issues.map(({ path, code, message }) => [String(path[0]), { type: code, message }]),
    );
    return { values: {}, errors };
  };
}
