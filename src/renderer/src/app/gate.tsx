import type { ReactElement } from 'react';
import { Navigate, Outlet } from 'react-router';
import { useAppState } from '../api/app-state';
import { LoadingLines } from '../components/states';

/**
 * Lets a screen show only where its data can be: without an open database everything leads to set-up, and with an
 * incomplete schema to Database, which explains it.
 */
export function Gate({ needs }: { readonly needs: 'workspace' | 'schema' }): ReactElement {
  const state = useAppState();
  if (state === null) return <LoadingLines lines={6} />;
  if (state.workspace === null) return <Navigate to="/" replace />;
  if (needs === 'schema' && state.workspace.schema !== 'current') return <Navigate to="/database" replace />;
  return <Outlet key={state.workspace.id} />;
}
