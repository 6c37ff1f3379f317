import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** The program that opens a file with the person's browser; null on a machine without a display. */
export function browserOpener(
  platform: NodeJS.Platform,
  environment: Environment,
): readonly [string, ...string[]] | null {
  if (platform === 'darwin') return ['open'];
  // Not `start`: that is a shell command, and a shell would read the path's characters.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  const hasDisplay = Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
  return hasDisplay ? ['xdg-open'] : null;
}

/** Opens a file in the system browser. Answers false when there is no display or no program for it. */
export function openInSystemBrowser(
  path: string,
  platform: NodeJS.Platform,
  environment: Environment,
): Promise<boolean> {
  const opener = browserOpener(platform, environment);
  if (!opener) return Promise.resolve(false);
  const [program, ...args] = opener;
  return new Promise((resolve) => {
    const child = spawn(program, [...args, path], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
