/** How much of a quota is used. Null is unlimited, 0 is none. */
export type QuotaShare =
  | { readonly kind: 'unlimited' }
  /** One of the two is not a number. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none'; readonly isOver: boolean }
  | { readonly kind: 'limited'; readonly share: number; readonly isOver: boolean };

/** `used` and `limit` are decimal text; the share may exceed 1, but what was given back makes it no less than 0. */
export function quotaShare(used: string, limit: string | null): QuotaShare {
  if (limit === null) return { kind: 'unlimited' };
  const usedNumber = Number(used);
  const limitNumber = Number(limit);
  if (Number.isNaN(usedNumber) || Number.isNaN(limitNumber)) return { kind: 'unknown' };
  if (limitNumber === 0) return { kind: 'none', isOver: usedNumber > 0 };
  return { kind: 'limited', share: Math.max(0, usedNumber / limitNumber), isOver: usedNumber > limitNumber };
}
