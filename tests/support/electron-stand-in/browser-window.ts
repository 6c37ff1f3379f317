import { EventEmitter } from 'node:events';
import { requireReady } from './lifecycle';
import { strict } from './strict';
import { WebContents } from './web-contents';

const windows = new Set<BrowserWindow>();
let lastClosed = (): void => undefined;
let contentsCreated = (_contents: object): void => undefined;

interface WindowOptions {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
  readonly show?: boolean;
  readonly webPreferences: Record<string, unknown>;
}

/** A window without a screen: it records what it was told. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly contents: WebContents;
  private state = { visible: false, minimized: false, maximized: false, focused: false, destroyed: false };

  constructor(readonly options: WindowOptions) {
    super();
    requireReady('BrowserWindow');
    this.state.visible = options.show !== false;
    this.contents = new WebContents(options.webPreferences);
    this.webContents = strict('webContents', this.contents);
    contentsCreated(this.webContents);
    this.contents.once('did-finish-load', () => this.emit('ready-to-show'));
    windows.add(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find((window) => window.contents.id === contents.id) ?? null;
  }
  static onContentsCreated(listener: (contents: object) => void): void {
    contentsCreated = listener;
  }
  static onLastClosed(listener: () => void): void {
    lastClosed = listener;
  }

  loadURL(url: string): Promise<void> {
    return this.contents.load(url);
  }
  reload(): void {
    void this.contents.load(this.contents.url);
  }
  show(): void {
    this.state.visible = true;
    this.emit('show');
  }
  focus(): void {
    this.state.focused = true;
  }
  minimize(): void {
    this.state.minimized = true;
  }
  restore(): void {
    this.state.minimized = false;
  }
  maximize(): void {
    this.state.maximized = true;
    this.state.visible = true;
  }
  isVisible(): boolean {
    return this.state.visible;
  }
  isMinimized(): boolean {
    return this.state.minimized;
  }
  isMaximized(): boolean {
    return this.state.maximized;
  }
  isDestroyed(): boolean {
    return this.state.destroyed;
  }
  getNormalBounds(): object {
    const { width, height, x = 0, y = 0 } = this.options;
    return { x, y, width, height };
  }
  close(): void {
    if (this.state.destroyed) return;
    let prevented = false;
    this.emit('close', { preventDefault: () => (prevented = true) });
    if (prevented) return;
    this.state.destroyed = true;
    windows.delete(this);
    this.contents.destroy();
    this.emit('closed');
    if (windows.size === 0) lastClosed();
  }
  /** What a test may ask. */
  describe(): object {
    const { url, webRtcPolicy } = this.contents;
    return { options: this.options, url, webRtcPolicy, ...this.state };
  }
}
