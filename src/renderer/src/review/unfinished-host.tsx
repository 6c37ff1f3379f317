import { lazy, Suspense, useState, type ReactElement } from 'react';
import { useProcedureQuery } from '../api/use-procedure';
import { loadAllMessages } from '../ui/i18n';

const UnfinishedChanges = lazy(async () => {
  const [{ UnfinishedChanges: component }] = await Promise.all([
    import('./unfinished-changes'),
    loadAllMessages(),
  ]);
  return { default: component };
});

/** Loads what shows unfinished changes once there are some, or once it is not known; it stays to say how they ended. */
export function UnfinishedHost(): ReactElement | null {
  const { data, error } = useProcedureQuery('changes', 'unfinished', {});
  const [isNeeded, setIsNeeded] = useState(false);
  if (!isNeeded && (error !== null || (data?.items.length ?? 0) > 0)) setIsNeeded(true);
  if (!isNeeded) return null;
  return (
    <Suspense>
      <UnfinishedChanges />
    </Suspense>
  );
}
