import { useSyncExternalStore } from 'react';

export interface Notification {
  readonly id: number;
  readonly tone: 'success' | 'info' | 'error';
  readonly message: string;
  readonly actions: readonly NotificationAction[];
}

/** What a notification offers to do, for as long as it is shown. */
export interface NotificationAction {
  readonly label: string;
  readonly run: () => void;
}

/** More would cover the screen; the oldest makes room. */
const mostShown = 4;

let current: readonly Notification[] = [];
let count = 0;
const listeners = new Set<() => void>();

function set(next: readonly Notification[]): void {
  current = next;
  for (const listener of listeners) listener();
}

export function dropNotification(id: number): void {
  set(current.filter((each) => each.id !== id));
}

/**
 * Tells the person in passing what has happened; what needs an answer belongs on the screen itself. It takes the place
 * of the one before, unless that offers something: an offer stays until it is taken or its time is over.
 */
export function notify(
  tone: Notification['tone'],
  message: string,
  ...actions: readonly NotificationAction[]
): void {
  count += 1;
  const offers = current.filter((each) => each.actions.length > 0);
  set([...offers, { id: count, tone, message, actions }].slice(-mostShown));
}

/** Takes away what offers something: it is about a database that is left. */
export function withdrawOffers(): void {
  set(current.filter(({ actions }) => actions.length === 0));
}

/** What is told now: the latest {@link notify} and the offers before it. */
export function useNotifications(): readonly Notification[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
