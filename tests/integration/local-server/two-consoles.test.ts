import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalServerStatus, RunningLocalServer } from '../../../src/main/local-server';
import { findMark, leaveMark, Place } from './consoles';

let place: Place;
beforeEach(() => {
  place = new Place();
});
afterEach(async () => {
  await place.clear();
});

describe('two consoles over one data folder', () => {
  it('that start at once make one database: one owns the server, the other attaches', async () => {
    const consoles = await Promise.all([place.spawn(), place.spawn(), place.spawn()]);
    const running = await Promise.all(consoles.map((each) => each.ask<RunningLocalServer>('ensureRunning')));

    expect(new Set(running.map(({ port }) => port)).size).toBe(1);
    expect(running.filter(({ created }) => created)).toHaveLength(1);
    expect(running.filter(({ startedByUs }) => startedByUs)).toHaveLength(1);
    expect(readdirSync(place.folder().serverFolder)).toEqual(['current']);
    const waited = consoles.filter(({ progressSeen }) =>
      progressSeen.some((detail) => detail.startsWith('Waiting for another console')),
    );
    expect(waited).toHaveLength(2);
  });

  it('leave the stopping to the one that started it', async () => {
    const first = await place.spawn();
    const running = await first.ask<RunningLocalServer>('ensureRunning');
    await leaveMark(running);
    const second = await place.spawn();
    const attached = await second.ask<RunningLocalServer>('ensureRunning');
    expect(attached).toMatchObject({ port: running.port, startedByUs: false, created: false });
    expect(await second.ask<LocalServerStatus>('status')).toMatchObject({
      state: 'running',
      startedByUs: false,
      otherConsoleProcessId: first.child.pid,
    });

    await expect(second.ask('stop')).rejects.toMatchObject({ code: 'busy' });
    expect(await second.ask('close')).toBe('not-running');
    expect(await findMark(running)).toBe('here');
    expect(await first.ask('close')).toBe('fast');
    await expect(findMark(running)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('let the second one start it anew and own it after the first one stopped it', async () => {
    const first = await place.spawn();
    await first.ask('ensureRunning');
    const second = await place.spawn();
    await second.ask('ensureRunning');
    await first.ask('stop');

    expect(await second.ask<RunningLocalServer>('ensureRunning')).toMatchObject({ startedByUs: true });
    expect(await first.ask<RunningLocalServer>('ensureRunning')).toMatchObject({ startedByUs: false });
    expect(await first.ask('close')).toBe('not-running');
    expect(await second.ask('close')).toBe('fast');
  });
});
