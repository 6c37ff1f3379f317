import type { Call } from '../context';
import { proxyException } from '../http/failures';
import { timestampOf } from '../instants';

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 30 * 86_400_000,
};

/** When a key of this duration expires; null = never. Before about 1.81 `30d` meant the first of next month. */
export function keyExpiry(call: Call, duration: string | null): string | null {
  if (duration === null) return null;
  const now = call.proxy.now();
  const match = /^(\d+)(s|m|h|d|w|mo)$/.exec(duration);
  const unit = unitMs[match?.[2] ?? ''];
  if (!match || unit === undefined) {
    throw proxyException(
      500,
      `Internal Server Error, Unsupported duration: ${duration}`,
      'internal_server_error',
    );
  }
  if (duration === '30d' && call.profile.keyThirtyDaysIsNextMonth) {
    return timestampOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)));
  }
  return timestampOf(new Date(now.getTime() + Number(match[1]) * unit));
}
