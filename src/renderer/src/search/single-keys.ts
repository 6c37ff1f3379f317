import { useSyncExternalStore } from 'react';

/**
 * Whether single keys are shortcuts. Who dictates or types by accident can turn them off (WCAG 2.1.4); shortcuts with
 * Ctrl or ⌘ stay.
 */
const storageKey = 'litemaas.singleKeys';
const listeners = new Set<() => void>();
let isOn = read();

function read(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

export function areSingleKeysOn(): boolean {
  return isOn;
}

export function setSingleKeys(on: boolean): void {
  isOn = on;
  try {
    if (on) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, 'off');
  } catch {
    // A forbidden store only means that the choice is not remembered.
  }
  for (const listener of listeners) listener();
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, areSingleKeysOn);
}
