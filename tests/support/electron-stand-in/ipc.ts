import { EventEmitter } from 'node:events';
import { clone, strict } from './strict';

export interface Frame {
  readonly url: string;
  readonly parent: Frame | null;
}

/** A frame that is gone while its message is on the way: Electron's object throws at every question. */
export function disposedFrame(): Frame {
  const disposed = (): never => {
    throw new Error('Render frame was disposed before WebFrameMain could be accessed');
  };
  return new Proxy({} as Frame, { get: disposed, has: disposed, ownKeys: disposed });
}

/** The event that a handler receives. Electron's own has more; what is missing throws. */
export interface SenderEvent {
  readonly sender: object;
  readonly senderFrame: Frame | null;
  readonly frameId: number;
  readonly processId: number;
  readonly type: 'frame';
}

type InvokeHandler = (event: SenderEvent, ...args: unknown[]) => unknown;

const handlers = new Map<string, InvokeHandler>();

class IpcMain extends EventEmitter {
  handle(channel: string, handler: InvokeHandler): void {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  }
  removeHandler(channel: string): void {
    handlers.delete(channel);
  }
}

const emitter = new IpcMain();
export const ipcMain = strict('ipcMain', emitter);

export function registeredChannels(): string[] {
  return [...handlers.keys(), ...emitter.eventNames().map(String)];
}

/** A page's `ipcRenderer.invoke`: arguments and answer are cloned, an error is reduced to its message. */
export async function invokeFromPage(
  sender: object,
  frame: Frame | null,
  channel: string,
  args: unknown[],
): Promise<unknown> {
  const sent = clone(args);
  try {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return clone(await handler(senderEvent(sender, frame), ...sent));
  } catch (error) {
    throw new Error(`Error invoking remote method '${channel}': ${String(error)}`);
  }
}

/** A page's `ipcRenderer.send`. Nobody listening is not an error, as in Electron. */
export function sendFromPage(sender: object, frame: Frame | null, channel: string, args: unknown[]): void {
  const sent = clone(args);
  setImmediate(() => emitter.emit(channel, senderEvent(sender, frame), ...sent));
}

function senderEvent(sender: object, senderFrame: Frame | null): SenderEvent {
  return strict('event', { sender, senderFrame, frameId: 1, processId: 1, type: 'frame' as const });
}
