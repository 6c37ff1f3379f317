import { isAbsolute, join } from 'node:path';
import { app } from 'electron';

/**
 * Names the program and its Chromium profile before anything asks for them. The name is also that of the keychain
 * entry behind safeStorage: it must never change. With `LITEMAAS_DATA_DIR` the profile moves along, so that
 * consoles over different data folders are different programs to the single-instance lock.
 */
export function nameProgram(environment: Readonly<Record<string, string | undefined>>): void {
  app.setName('LiteMaaS Console');
  const dataFolder = environment.LITEMAAS_DATA_DIR;
  const base =
    dataFolder !== undefined && isAbsolute(dataFolder)
      ? dataFolder
      : join(app.getPath('appData'), 'LiteMaaS Console');
  app.setPath('userData', join(base, 'desktop'));
}
