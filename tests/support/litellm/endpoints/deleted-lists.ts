import type { Call } from '../context';
import { httpException } from '../http/failures';

/**
 * Live rows, or the deleted ones for `status=deleted`. Releases without deleted-row tables ignore the parameter, so the
 * live rows come back: a caller that does not check the version takes them for deleted.
 */
export function deletedOrLive<Live>(call: Call, deleted: readonly Live[], live: readonly Live[]): Live[] {
  const status = call.query.get('status');
  if (status === null || !call.profile.deletedLists) return [...live];
  if (status === 'deleted') return [...deleted];
  throw httpException(400, {
    error: `Invalid status value: ${status}. Currently only 'deleted' is supported.`,
  });
}
