import { lazy, Suspense, type ReactElement } from 'react';
import { Navigate } from 'react-router';
import { useAppState } from '../api/app-state';
import { LoadingLines } from '../components/states';

const SetupScreen = lazy(async () => ({ default: (await import('../setup/setup-screen')).SetupScreen }));
const OverviewScreen = lazy(async () => ({
  default: (await import('../overview/overview-screen')).OverviewScreen,
}));

/** The first screen: set-up until a database is open, then the overview of it. */
export function HomePage(): ReactElement {
  const state = useAppState();
  if (state === null) return <LoadingLines lines={6} />;
  if (state.workspace !== null && state.workspace.schema !== 'current')
    return <Navigate to="/database" replace />;
  return (
    <Suspense fallback={<LoadingLines lines={6} />}>
      {state.workspace === null ? <SetupScreen /> : <OverviewScreen key={state.workspace.id} />}
    </Suspense>
  );
}
