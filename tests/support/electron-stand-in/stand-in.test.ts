import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRealm, exposeInMainWorld, type Realm } from './context-bridge';
import { invokeFromPage, ipcMain, sendFromPage } from './ipc';
import { strict } from './strict';

class Secret {
  own = 1;
  inherited(): string {
    return 'reached';
  }
}

function worldWith(api: unknown): Realm {
  const world = createRealm();
  exposeInMainWorld(world, 'api', api);
  return world;
}

describe('the bridge between the worlds', () => {
  it('drops prototypes and symbols, and freezes what it exposes', () => {
    const world = worldWith({
      instance: new Secret(),
      [Symbol('key')]: 1,
      symbol: Symbol('value'),
      list: [1],
    });
    expect(world.run('typeof api.instance.inherited + api.instance.own')).toBe('undefined1');
    expect(world.run('Object.getPrototypeOf(api.instance) === Object.prototype')).toBe(true);
    expect(world.run('[Object.getOwnPropertySymbols(api).length, "symbol" in api].join()')).toBe('0,false');
    expect(world.run('Object.isFrozen(api) && Object.isFrozen(api.list)')).toBe(true);
    expect(world.run('api.instance.own = 2; api.instance.own')).toBe(1);
  });

  it('refuses a name that is taken, and endless depth', () => {
    const world = worldWith({});
    expect(() => exposeInMainWorld(world, 'api', {})).toThrow('existing property on the window object');
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(() => worldWith(circle)).toThrow('recursion depth exceeded');
  });

  it('passes functions as proxies whose arguments and results are copies', () => {
    const received: unknown[] = [];
    const answer = { nested: { value: 1 } };
    const world = worldWith({
      call: (argument: unknown) => {
        received.push(argument);
        return answer;
      },
    });
    expect(world.run('api.call({ a: [1], hidden: Symbol("s") }).nested.value')).toBe(1);
    expect(received).toEqual([{ a: [1] }]);
    world.run('api.call({}).nested.value = 2');
    expect(answer.nested.value).toBe(1);
    // With the preload's own Function in hand, a page would be in the preload's world.
    expect(world.run('api.call.constructor === Function')).toBe(true);
  });

  it('reduces errors to their message, thrown and rejected', async () => {
    const failure = Object.assign(new Error('why'), { code: 'secret' });
    const world = worldWith({
      fail: () => {
        throw failure;
      },
      reject: () => Promise.reject(failure),
    });
    const caught = '(error) => [error.message, error.code ?? null].join()';
    expect(world.run(`try { api.fail() } catch (error) { (${caught})(error) }`)).toBe('why,');
    expect(await world.run(`api.reject().catch(${caught})`)).toBe('why,');
  });
});

describe('messages between the processes', () => {
  const frame = { url: 'litemaas-app://console/', parent: null };
  const send = (channel: string, ...args: unknown[]) => invokeFromPage({ id: 1 }, frame, channel, args);

  it('fail where nobody handles them, and have one handler', async () => {
    await expect(send('test:nobody')).rejects.toThrow("No handler registered for 'test:nobody'");
    ipcMain.handle('test:one', () => 1);
    expect(() => ipcMain.handle('test:one', () => 2)).toThrow('second handler');
    expect(await send('test:one')).toBe(1);
  });

  it('are cloned both ways', async () => {
    const kept = { value: 1 };
    ipcMain.handle('test:clone', (_event, argument) => {
      expect(argument).toEqual({ own: 1 });
      expect(argument).not.toBeInstanceOf(Secret);
      return kept;
    });
    const answer = (await send('test:clone', new Secret())) as { value: number };
    answer.value = 2;
    expect(kept.value).toBe(1);
    await expect(send('test:clone', () => 1)).rejects.toThrow('An object could not be cloned');
    ipcMain.handle('test:function', () => () => 1);
    await expect(send('test:function')).rejects.toThrow('An object could not be cloned');
  });

  it('reduce a handler’s error to its message', async () => {
    ipcMain.handle('test:fail', () => {
      throw Object.assign(new TypeError('why'), { code: 'secret' });
    });
    const error: unknown = await send('test:fail').catch((reason: unknown) => reason);
    expect(String(error)).toBe("Error: Error invoking remote method 'test:fail': TypeError: why");
    expect(error).not.toHaveProperty('code');
  });

  it('without an answer reach their listeners later, cloned', async () => {
    const received: unknown[] = [];
    ipcMain.on('test:send', (_event, argument: unknown) => received.push(argument));
    const argument = { value: 1 };
    sendFromPage({ id: 1 }, frame, 'test:send', [argument]);
    argument.value = 2;
    await nextTurn();
    expect(received).toEqual([{ value: 1 }]);
  });
});

it('what is not imitated throws', () => {
  const app = strict('app', { known: 1 });
  expect(app.known).toBe(1);
  expect(() => (app as Record<string, unknown>)['unknown']).toThrow('has no app.unknown');
});
