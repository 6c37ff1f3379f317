import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useAppState } from '../api/app-state';
import { LoadingLines } from '../ui/states';
import { isOpening, SchemaGate } from './gate';

const SetupScreen = lazy(async () => ({ default: (await import('../setup/setup-screen')).SetupScreen }));
const OverviewScreen = lazy(async () => ({
  default: (await import('../overview/overview-screen')).OverviewScreen,
}));

/** The first screen: set-up until a database is open, then the overview of it. */
export function HomePage(): ReactElement {
  const state = useAppState();
  // From the set-up screen itself a workspace is opened in sight of its progress.
  const [hadWorkspace, setHadWorkspace] = useState(false);
  const hasWorkspace = state !== null && (state.workspace !== null || (hadWorkspace && isOpening(state)));
  if (hasWorkspace !== hadWorkspace) setHadWorkspace(hasWorkspace);
  if (state === null || (state.workspace === null && hasWorkspace)) return <LoadingLines lines={6} />;
  return (
    <Suspense fallback={<LoadingLines lines={6} />}>
      {state.workspace === null ? (
        <SetupScreen />
      ) : (
        <SchemaGate workspace={state.workspace}>
          <OverviewScreen key={state.workspace.id} />
        </SchemaGate>
      )}
    </Suspense>
  );
}
