import * as z from 'zod';
import { file, job, query } from './define';
import { bigInteger, calendarDay, emptyInput } from './values';

const timeZoneName = z.strictObject({
  /** IANA name such as Europe/Berlin; what PostgreSQL does not know is refused. */
  timeZone: z.string().min(1).max(80),
});

const diagnosticsInput = z.strictObject({
  /** Also names the servers, databases and database users that are connected to. */
  withAddresses: z.boolean().default(false),
});

export const settingsContract = {
  about: query({
    scope: 'app',
    input: emptyInput,
    output: z.object({
      version: z.string(),
      host: z.enum(['desktop', 'browser']),
      /** Operating system and processor architecture. */
      platform: z.string(),
      node: z.string(),
      /** NULL in browser mode. */
      electron: z.string().nullable(),
      chromium: z.string().nullable(),
      /** The PostgreSQL that comes with the console; NULL where there is none for this platform. */
      shippedPostgres: z.string().nullable(),
      folders: z.object({ data: z.string(), localDatabase: z.string(), log: z.string() }),
    }),
  }),
  /** What {@link settingsContract.changeReportingTimeZone} would do; changes nothing. */
  previewReportingTimeZone: query({
    scope: 'schema',
    input: timeZoneName,
    output: z.object({
      from: z.string(),
      to: z.string(),
      /** Recorded requests that are counted anew. */
      requests: bigInteger,
      months: z.int(),
      firstDay: calendarDay.nullable(),
      lastDay: calendarDay.nullable(),
      /** Rows of the charts' tables that are written anew. */
      rowsRewritten: bigInteger,
      /** Why it cannot be done; NULL when it can. */
      obstacle: z.string().nullable(),
    }),
  }),
  /** Cuts all recorded usage into the days of another zone. Cancelled or failed, everything stays as it was. */
  changeReportingTimeZone: job({
    scope: 'schema',
    writes: true,
    input: timeZoneName,
    output: z.object({ timeZone: z.string() }),
  }),
  /** The diagnostics file as it would be written: no names of people, no secrets. */
  diagnostics: query({ scope: 'app', input: diagnosticsInput, output: z.object({ text: z.string() }) }),
  exportDiagnostics: file({ scope: 'app', input: diagnosticsInput, output: z.null() }),
};
