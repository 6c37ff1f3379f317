import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How the window was left, and the colour its page had, so that the next start shows no flash. */
export interface WindowState {
  readonly bounds: Rectangle | null;
  readonly maximized: boolean;
  /** `#rrggbb` */
  readonly backgroundColor: string | null;
}

const nothingSaved: WindowState = { bounds: null, maximized: false, backgroundColor: null };

/** Reads what was saved; a missing, damaged or older file is the same as none. */
export function readWindowState(path: string): WindowState {
  try {
    const saved: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof saved !== 'object' || saved === null) return nothingSaved;
    const { bounds, maximized, backgroundColor } = saved as Record<string, unknown>;
    return {
      bounds: isRectangle(bounds) ? bounds : null,
      maximized: maximized === true,
      backgroundColor:
        typeof backgroundColor === 'string' && isColor(backgroundColor) ? backgroundColor : null,
    };
  } catch {
    return nothingSaved;
  }
}

/** Replaces the file in one step. Losing it costs nothing, so a full disk is no reason to bother the person. */
export function writeWindowState(path: string, state: WindowState): void {
  const temporaryPath = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporaryPath, JSON.stringify(state), { mode: 0o600, flag: 'wx' });
    renameSync(temporaryPath, path);
  } catch {
    removeIfThere(temporaryPath);
  }
}

/**
 * The saved bounds if they can still be used: at least 100 × 100 pixels of the window lie on one of the displays'
 * work areas; a window larger than that area is made to fit. Null when its display is gone.
 */
export function fitBounds(bounds: Rectangle | null, workAreas: readonly Rectangle[]): Rectangle | null {
  if (bounds === null) return null;
  const area = workAreas.find((candidate) => overlap(bounds, candidate) >= 100);
  if (!area) return null;
  const width = Math.min(bounds.width, area.width);
  const height = Math.min(bounds.height, area.height);
  return {
    width,
    height,
    x: clamp(bounds.x, area.x, area.x + area.width - width),
    y: clamp(bounds.y, area.y, area.y + area.height - height),
  };
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Not even a folder is there.
  }
}

export function isColor(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

/** The shorter side of what two rectangles share; negative when they are apart. */
function overlap(a: Rectangle, b: Rectangle): number {
  const horizontal = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const vertical = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.min(horizontal, vertical);
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(Math.max(value, lowest), highest);
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return [x, y, width, height].every(Number.isInteger) && Number(width) >= 100 && Number(height) >= 100;
}
