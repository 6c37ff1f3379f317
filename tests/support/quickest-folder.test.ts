import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { quickestFolder } from './quickest-folder';

it('is one with room, in which programs run', () => {
  const parent = quickestFolder();
  const { bavail, bsize } = statfsSync(parent);
  if (parent !== tmpdir()) expect(bavail * bsize).toBeGreaterThan(5 * 1024 ** 3);
  const folder = mkdtempSync(join(parent, 'litemaas-quickest-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\necho ran\n', { mode: 0o755 });
  expect(execFileSync(program, { encoding: 'utf8' })).toBe('ran\n');
});
