/**
 * The development server that electron-vite names in `ELECTRON_RENDERER_URL`; null for the built page. A packaged
 * program never asks: whoever sets its environment would choose the page that may call it.
 */
export function developmentUrl(
  environment: Readonly<Record<string, string | undefined>>,
  isPackaged: boolean,
): string | null {
  const url = environment['ELECTRON_RENDERER_URL'];
  const isLocal = url !== undefined && /^http:\/\/(?:localhost|127\.0\.0\.1):\d{1,5}\/?$/.test(url);
  return isLocal && !isPackaged ? url : null;
}
