import { types } from 'node:util';
import vm from 'node:vm';

const deepest = 1_000;

/** The two worlds of a page: the preload's own and the page's. */
export interface Realm {
  readonly global: Record<string, unknown>;
  run(code: string): unknown;
}

export function createRealm(global: Record<string, unknown> = {}): Realm {
  const context = vm.createContext(global);
  return { global, run: (code) => vm.runInContext(code, context) as unknown };
}

/** Exposes an API in the page's world as Electron's contextBridge does. */
export function exposeInMainWorld(mainWorld: Realm, key: unknown, api: unknown): void {
  if (typeof key !== 'string') throw new TypeError('contextBridge takes a name and an API');
  if (key in mainWorld.global) {
    throw new Error('Cannot bind an API on top of an existing property on the window object');
  }
  mainWorld.global[key] = copyInto(mainWorld, api, 0, true);
}

/**
 * A copy of the value made of the realm's own objects: own enumerable properties only, so prototypes and accessors
 * are lost, symbols are dropped, functions become proxies whose arguments and results are copied likewise.
 */
function copyInto(realm: Realm, value: unknown, depth: number, freeze: boolean): unknown {
  if (depth > deepest) throw new TypeError('Electron contextBridge recursion depth exceeded.');
  if (typeof value === 'function') return proxyInto(realm, value as (...args: unknown[]) => unknown);
  if (typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (types.isPromise(value)) return promiseInto(realm, value);
  if (types.isNativeError(value)) return errorInto(realm, value);
  if (Array.isArray(value)) {
    const copy = realm.run('[]') as unknown[];
    for (const item of value) copy.push(copyInto(realm, item, depth + 1, freeze));
    return freeze ? Object.freeze(copy) : copy;
  }
  if (ArrayBuffer.isView(value) || types.isDate(value) || types.isMap(value) || types.isSet(value)) {
    return structuredClone(value);
  }
  const copy = realm.run('({})') as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item !== 'symbol') copy[key] = copyInto(realm, item, depth + 1, freeze);
  }
  return freeze ? Object.freeze(copy) : copy;
}

function proxyInto(realm: Realm, original: (...args: unknown[]) => unknown): unknown {
  const wrap = realm.run('(call) => (...args) => call(args)') as (
    call: (args: unknown[]) => unknown,
  ) => unknown;
  const here = createRealm();
  return wrap((args) => {
    try {
      return copyInto(realm, original(...args.map((arg) => copyInto(here, arg, 0, false))), 0, false);
    } catch (error) {
      throw errorInto(realm, error);
    }
  });
}

function promiseInto(realm: Realm, promise: Promise<unknown>): unknown {
  const wrap = realm.run('(start) => new Promise((resolve, reject) => start(resolve, reject))') as (
    start: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void,
  ) => unknown;
  return wrap((resolve, reject) => {
    promise.then(
      (value) => resolve(copyInto(realm, value, 0, false)),
      (reason: unknown) => reject(errorInto(realm, reason)),
    );
  });
}

/** Only the message survives; properties of one's own are lost. */
function errorInto(realm: Realm, error: unknown): unknown {
  const make = realm.run('(message) => new Error(message)') as (message: string) => unknown;
  return make(types.isNativeError(error) ? error.message : String(error));
}
