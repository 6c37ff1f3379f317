import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRealm, exposeInMainWorld, type Realm } from './context-bridge';
import { type Frame, invokeFromPage, sendFromPage } from './ipc';
import { request } from './session';
import { strict } from './strict';

type WindowOpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' };

let lastId = 0;

const webRtcPolicies = new Set([
  'default',
  'default_public_interface_only',
  'default_public_and_private_interfaces',
  'disable_non_proxied_udp',
]);

/** A page: loads through the session, runs the real preload in a world of its own, and runs no scripts. */
export class WebContents extends EventEmitter {
  readonly id = ++lastId;
  url = '';
  mainFrame: Frame = { url: '', parent: null };
  /** The answer that the page came with. */
  response: { status: number; headers: Record<string, string>; body: string } | null = null;
  /** Chromium's own until the program chose another. */
  webRtcPolicy = 'default';
  /** What the preload asked `require` for. */
  readonly required: string[] = [];
  private mainWorld: Realm = createRealm();
  private windowOpenHandler: WindowOpenHandler = () => ({ action: 'allow' });

  constructor(private readonly preferences: Record<string, unknown>) {
    super();
  }

  setWebRTCIPHandlingPolicy(policy: string): void {
    if (!webRtcPolicies.has(policy)) throw new TypeError(`no WebRTC policy is called ${policy}`);
    this.webRtcPolicy = policy;
  }
  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler;
  }
  forcefullyCrashRenderer(): void {
    this.crash('killed');
  }
  crash(reason: string): void {
    this.emit('render-process-gone', {}, { reason, exitCode: 1 });
  }

  async load(url: string): Promise<void> {
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false });
    const response = await request(url);
    this.url = url;
    this.mainFrame = { url, parent: null };
    this.response = {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
    this.mainWorld = createRealm();
    this.runPreload();
    this.emit('dom-ready');
    this.emit('did-finish-load');
  }

  /** Runs code as the page would and answers its result. */
  async evaluate(code: string): Promise<unknown> {
    return await this.mainWorld.run(code);
  }

  /** A link or script wants to go elsewhere; answers whether the page went. */
  navigate(
    url: string,
    event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate',
    isMainFrame = true,
  ): boolean {
    let prevented = false;
    this.emit(event, { url, isMainFrame, preventDefault: () => (prevented = true) }, url);
    return !prevented;
  }
  openWindow(url: string): string {
    return this.windowOpenHandler({ url }).action;
  }
  attachWebview(): boolean {
    let prevented = false;
    this.emit('will-attach-webview', { preventDefault: () => (prevented = true) }, {}, {});
    return !prevented;
  }
  destroy(): void {
    this.emit('destroyed');
  }

  /** The preload in a sandboxed renderer: its own world, `require` of electron and nothing else of Node. */
  private runPreload(): void {
    const { contextIsolation, sandbox, preload } = this.preferences;
    if (contextIsolation !== true || sandbox !== true)
      throw new Error('The stand-in isolates and sandboxes always');
    if (typeof preload !== 'string') return;
    const frame = this.mainFrame;
    const electron = strict('electron (in a page)', {
      contextBridge: strict('contextBridge', {
        exposeInMainWorld: (key: unknown, api: unknown) => exposeInMainWorld(this.mainWorld, key, api),
      }),
      ipcRenderer: strict('ipcRenderer', {
        invoke: (channel: string, ...args: unknown[]) =>
          invokeFromPage(this.asSender(), frame, channel, args),
        send: (channel: string, ...args: unknown[]) => sendFromPage(this.asSender(), frame, channel, args),
      }),
    });
    const module = { exports: {} };
    const world = createRealm({
      module,
      exports: module.exports,
      require: (name: string) => {
        this.required.push(name);
        if (name === 'electron') return electron;
        throw new Error(`module not found: ${name}`);
      },
    });
    world.run(readFileSync(preload, 'utf8'));
  }

  asSender(): object {
    return strict('webContents', this);
  }
}
