import { requireReady } from './lifecycle';
import { strict } from './strict';

/** What was shown or opened, and what the next dialogs answer. */
export const shown = {
  outside: [] as string[],
  errors: [] as { title: string; content: string }[],
  saveDialogs: [] as { defaultPath?: string }[],
  messages: [] as { message: string; buttons: string[] }[],
  menu: null as unknown,
  savePath: null as string | null,
  messageAnswer: 0,
};

export const shell = strict('shell', {
  openExternal(url: string): Promise<void> {
    shown.outside.push(url);
    return Promise.resolve();
  },
});

export const dialog = strict('dialog', {
  showErrorBox(title: string, content: string) {
    shown.errors.push({ title, content });
    process.stderr.write(`[error box] ${title}\n${content}\n`);
  },
  showSaveDialog(_window: object, options: { defaultPath?: string }) {
    requireReady('dialog');
    shown.saveDialogs.push(options);
    const filePath = shown.savePath ?? '';
    return Promise.resolve({ canceled: shown.savePath === null, filePath });
  },
  showMessageBox(_window: object, options: { message: string; buttons: string[] }) {
    requireReady('dialog');
    shown.messages.push({ message: options.message, buttons: options.buttons });
    return Promise.resolve({ response: shown.messageAnswer, checkboxChecked: false });
  },
});

export const Menu = strict('Menu', {
  buildFromTemplate(template: unknown) {
    return { template };
  },
  setApplicationMenu(menu: { template: unknown } | null) {
    shown.menu = menu === null ? null : menu.template;
  },
});

export const nativeTheme = strict('nativeTheme', { shouldUseDarkColors: true });

export const screen = strict('screen', {
  getAllDisplays() {
    requireReady('screen');
    return [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }];
  },
});

/** Chromium's ciphertext starts with the version of what encrypted it; the rest is base64 here. */
export const safeStorage = strict('safeStorage', {
  isAsyncEncryptionAvailable() {
    requireReady('safeStorage');
    return Promise.resolve(true);
  },
  encryptStringAsync(text: string) {
    requireReady('safeStorage');
    const version = process.env.ELECTRON_STAND_IN_ENCRYPTION ?? 'v10';
    return Promise.resolve(Buffer.from(`${version}${Buffer.from(text).toString('base64')}`));
  },
  decryptStringAsync(cipher: Buffer) {
    if (!Buffer.isBuffer(cipher)) throw new TypeError('Expected the first argument to be a buffer');
    return Promise.resolve({
      shouldReEncrypt: false,
      result: Buffer.from(cipher.toString().slice(3), 'base64').toString(),
    });
  },
  getSelectedStorageBackend() {
    return 'basic_text';
  },
});
