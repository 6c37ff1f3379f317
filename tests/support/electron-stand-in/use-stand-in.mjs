// node --import: from here on, the package electron is the stand-in.
import { register } from 'node:module';

const standIn = new URL('index.ts', import.meta.url).href;
const hooks = `export function resolve(name, context, next) {
  return next(name === 'electron' ? ${JSON.stringify(standIn)} : name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
