import { lazy, Suspense, type ReactElement } from 'react';
import { Navigate, Outlet } from 'react-router';
import type { AppState, WorkspaceState } from '../../../shared/contract/app';
import { useAppState } from '../api/app-state';
import { LoadingLines } from '../ui/states';
import { loadAllMessages } from '../ui/i18n';

const ForeignDatabasePage = lazy(async () => {
  await loadAllMessages();
  return { default: (await import('../connect/foreign-database-page')).ForeignDatabasePage };
});

/**
 * Lets a screen show only where its data can be: without an open database everything leads to set-up, with a schema
 * that is not complete to Database, which explains it. On a database with another schema, or none, each address
 * says so in place of its screen.
 */
export function Gate({ needs }: { readonly needs: 'workspace' | 'schema' }): ReactElement {
  const state = useAppState();
  if (state === null) return <LoadingLines lines={6} />;
  if (state.workspace === null) {
    return isOpening(state) ? <LoadingLines lines={6} /> : <Navigate to="/" replace />;
  }
  const { workspace } = state;
  if (needs === 'workspace') return <Outlet key={workspace.id} />;
  return (
    <SchemaGate workspace={workspace}>
      <Outlet key={workspace.id} />
    </SchemaGate>
  );
}

/** Shows its children where the schema is this console's and complete. */
export function SchemaGate(props: {
  readonly workspace: WorkspaceState;
  readonly children: ReactElement;
}): ReactElement {
  const { workspace, children } = props;
  if (workspace.schema === 'current') return children;
  if (workspace.passport.kind === 'console') return <Navigate to="/database" replace />;
  return (
    <Suspense fallback={<LoadingLines lines={6} />}>
      <ForeignDatabasePage workspace={workspace} />
    </Suspense>
  );
}

/** A workspace that is opened anew with other access or another connection is closed for a moment. */
export function isOpening({ jobs }: AppState): boolean {
  return jobs.some(
    ({ procedure, state }) =>
      state === 'running' && (procedure === 'workspace.update' || procedure === 'workspace.open'),
  );
}
