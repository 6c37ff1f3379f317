/** Node and promises look for these on anything. */
const alwaysAsked = new Set([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  'inspect',
  'asymmetricMatch',
  'nodeType',
]);

/** The object, but asking it for something it does not have throws: nothing passes here that Electron has not. */
export function strict<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && !alwaysAsked.has(key)) {
        throw new Error(`The stand-in for electron has no ${name}.${key}`);
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** What crosses a process boundary, with Electron's words for what can't. */
export function clone<T>(value: T): T {
  try {
    return structuredClone(value);
  } catch {
    throw new Error('An object could not be cloned.');
  }
}
