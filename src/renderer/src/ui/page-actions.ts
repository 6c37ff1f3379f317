import { useEffect, useRef, useSyncExternalStore } from 'react';

/** What only the screen that is open can do; commands call it by name. */
export type PageAction =
  | 'focusSearch'
  | 'exportList'
  | 'saveView'
  | 'print'
  | 'openJobs'
  | 'runSql'
  | 'checkHealth'
  | 'newUser'
  | 'editUser'
  | 'deactivateUser'
  | 'reactivateUser'
  | 'offboardUser'
  | 'newTeam'
  | 'newApiKey'
  | 'editTeam'
  | 'deactivateTeam'
  | 'reactivateTeam'
  | 'editApiKey'
  | 'blockApiKey'
  | 'unblockApiKey'
  | 'revokeApiKey'
  | 'deleteApiKey'
  | 'revealApiKey'
  | 'rotateApiKey'
  | 'newModel'
  | 'editModel'
  | 'setModelPrice'
  | 'deactivateModel'
  | 'reactivateModel'
  | 'testModel'
  | 'replaceModel'
  | 'retireModel'
  | 'newSubscriptions'
  | 'subscribeUser'
  | 'subscribeUsers'
  | 'editSubscription'
  | 'approveSubscription'
  | 'denySubscription'
  | 'suspendSubscription'
  | 'reactivateSubscription'
  | 'resetSubscription'
  | 'cancelSubscription'
  | 'editSelected'
  | 'deactivateSelected'
  | 'reactivateSelected'
  | 'approveSelected'
  | 'denySelected'
  | 'suspendSelected'
  | 'cancelSelected'
  | 'toAdminister'
  | 'toReadOnly';

type Run = () => void;

let offers: readonly { readonly name: PageAction; readonly run: Run }[] = [];
const listeners = new Set<() => void>();

function set(next: typeof offers): void {
  offers = next;
  for (const listener of listeners) listener();
}

/** Offers an action while the component is there; undefined: not now. Of several the latest is meant. */
export function usePageAction(name: PageAction, run: Run | undefined): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const isOffered = run !== undefined;
  useEffect(() => {
    if (!isOffered) return undefined;
    const offer = { name, run: () => latest.current?.() };
    set([...offers, offer]);
    return () => set(offers.filter((other) => other !== offer));
  }, [name, isOffered]);
}

export function isOffered(name: PageAction): boolean {
  return offers.some((offer) => offer.name === name);
}

export function runPageAction(name: PageAction): void {
  offers.findLast((offer) => offer.name === name)?.run();
}

/** Renders again whenever another action is offered. */
export function useOffers(): void {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offers,
  );
}
