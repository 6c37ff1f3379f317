import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow } from './browser-window';
import { becomeReady, isReady } from './lifecycle';
import { strict } from './strict';

const home = process.env.ELECTRON_STAND_IN_HOME ?? '';
const watchEveryMs = 50;

class App extends EventEmitter {
  readonly isPackaged = process.env.ELECTRON_STAND_IN_PACKAGED === '1';
  /** What was appended before `ready`: later ones reach no process of Chromium. */
  readonly switches: Record<string, string> = {};
  readonly commandLine = strict('commandLine', {
    appendSwitch: (name: string, value = '') => {
      if (isReady()) throw new Error('A switch that is appended after app is ready has no effect');
      this.switches[name] = value;
    },
  });
  sandboxEnabled = false;
  readonly paths: Record<string, string> = {
    appData: join(home, 'app-data'),
    downloads: join(home, 'downloads'),
    userData: join(home, 'app-data', 'electron'),
  };
  name = 'electron';
  private readonly becomesReady: Promise<void>;

  constructor() {
    super();
    // Electron evaluates the entry and its static imports before it is ready.
    this.becomesReady = new Promise((resolve) =>
      setImmediate(() => {
        becomeReady();
        this.emit('ready');
        resolve();
      }),
    );
  }

  isReady(): boolean {
    return isReady();
  }
  whenReady(): Promise<void> {
    return this.becomesReady;
  }
  getVersion(): string {
    return '9.9.9';
  }
  setName(name: string): void {
    this.name = name;
  }
  getPath(name: string): string {
    const path = this.paths[name];
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  }
  setPath(name: string, path: string): void {
    if (!(name in this.paths)) throw new Error(`Failed to set '${name}' path`);
    this.paths[name] = path;
  }
  enableSandbox(): void {
    if (isReady()) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.sandboxEnabled = true;
  }

  /** One program per profile folder; a later one leaves a note for the first. */
  requestSingleInstanceLock(): boolean {
    const folder = join(this.getPath('userData'), 'stand-in-instances');
    mkdirSync(folder, { recursive: true });
    try {
      writeFileSync(join(folder, 'first'), String(process.pid), { flag: 'wx' });
    } catch {
      writeFileSync(join(folder, `later-${process.pid}`), '');
      return false;
    }
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    setInterval(() => this.noticeLaterInstances(folder), watchEveryMs).unref();
    return true;
  }
  private noticeLaterInstances(folder: string): void {
    for (const name of readdirSync(folder).filter((entry) => entry.startsWith('later-'))) {
      readFileSync(join(folder, name));
      rmSync(join(folder, name));
      this.emit('second-instance', {}, [], '');
    }
  }

  quit(): void {
    let prevented = false;
    this.emit('before-quit', { preventDefault: () => (prevented = true) });
    if (prevented) return;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    setImmediate(() => this.exit(0));
  }
  exit(code = 0): void {
    this.emit('quit', {}, code);
    process.exit(code);
  }
}

export const realApp = new App();
export const app = strict('app', realApp);
BrowserWindow.onLastClosed(() => realApp.emit('window-all-closed'));
BrowserWindow.onContentsCreated((contents) => realApp.emit('web-contents-created', {}, contents));
