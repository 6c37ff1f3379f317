import { digestOf, matches, newSecret } from './secrets';

/** A freshly made token may be replaced this often at once; after that one replacement per interval. */
const replacementsAtOnce = 3;

export interface OneTimeToken {
  /** True once for the token in force, which is used up by that. Anything else brings a new token into force. */
  exchange(sent: string): boolean;
}

interface Options {
  /** Hears every token that comes into force, the first one included. */
  readonly announce: (token: string) => void;
  readonly now: () => number;
  readonly replacementIntervalMs: number;
}

/**
 * The token in the address that opens the console. A wrong or used one replaces it and the new address is
 * printed, so whoever sits at the console's terminal always gets in. Replacements are limited, so a flood of
 * wrong tokens can't make every printed address stale before the owner has opened it.
 */
export function createOneTimeToken({ announce, now, replacementIntervalMs }: Options): OneTimeToken {
  let current: Buffer | null = null;
  let allowance = replacementsAtOnce;
  let countedAt = now();

  function renew(): void {
    const token = newSecret();
    current = digestOf(token);
    announce(token);
  }

  function mayReplace(): boolean {
    const earned = Math.floor((now() - countedAt) / replacementIntervalMs);
    if (earned > 0) {
      allowance = Math.min(replacementsAtOnce, allowance + earned);
      countedAt += earned * replacementIntervalMs;
    }
    if (allowance === 0) return false;
    allowance -= 1;
    return true;
  }

  renew();
  return {
    exchange(sent) {
      if (current !== null && matches(sent, current)) {
        current = null;
        return true;
      }
      // Without a token in force the owner could not get in at all: that is never limited.
      if (current === null || mayReplace()) renew();
      return false;
    },
  };
}
