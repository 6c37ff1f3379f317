import { useSyncExternalStore } from 'react';
import type { AppState, JobState, WorkspaceState } from '../../../shared/contract/app';
import { ApiError } from './api-error';
import { call } from './client';

/** What the shell knows of the console behind it. */
export interface Connection {
  /** Null until the first answer. */
  readonly state: AppState | null;
  /** `lost`: asked again with growing pauses. `ended`: this page's session is over, nothing will answer any more. */
  readonly link: 'up' | 'lost' | 'ended';
}

const firstPauseMs = 400;
const longestPauseMs = 8_000;

let connection: Connection = { state: null, link: 'up' };
const listeners = new Set<() => void>();

function set(next: Connection): void {
  connection = next;
  for (const listener of listeners) listener();
}

/**
 * Follows `app.watch` (a long poll) until `signal` aborts. After a failure it asks for the whole state again, with
 * growing pauses: the console may have been restarted and count its revisions afresh.
 */
export async function followAppState(signal: AbortSignal): Promise<void> {
  let sinceRevision = -1;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      const state = await call('app', 'watch', { sinceRevision }, signal);
      if (state.revision !== connection.state?.revision || connection.link !== 'up') {
        set({ state, link: 'up' });
      }
      sinceRevision = state.revision;
      pauseMs = firstPauseMs;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.code === 'session_ended') {
        set({ ...connection, link: 'ended' });
        return;
      }
      sinceRevision = -1;
      if (connection.link === 'up') set({ ...connection, link: 'lost' });
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentConnection(): Connection {
  return connection;
}

export function onConnectionChange(listener: () => void): () => void {
  return subscribe(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, currentConnection);
}

/** The state every screen shares; null until the console answered for the first time. */
export function useAppState(): AppState | null {
  return useConnection().state;
}

export function useWorkspace(): WorkspaceState | null {
  return useAppState()?.workspace ?? null;
}

/**
 * True when this workspace may be changed: commands and jobs that write are offered only then. A lost connection takes
 * nothing away: what is being typed stays, and a write fails with the reason until the connection is back.
 */
export function useCanWrite(): boolean {
  return useWorkspace()?.access === 'administer';
}

const noJobs: readonly JobState[] = [];

/** Long work, running or ended lately, in the order it was started. */
export function useJobs(): readonly JobState[] {
  return useAppState()?.jobs ?? noJobs;
}
