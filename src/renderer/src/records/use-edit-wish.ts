import { useEffect } from 'react';
import { useSearchParams } from 'react-router';

/**
 * `?edit=email`: whoever comes from a finding or the palette wants to change that; going back does not ask again.
 * @param edit is called with the field once for each wish.
 */
export function useEditWish(mayWrite: boolean, edit: (field: string) => void): void {
  const [parameters, setParameters] = useSearchParams();
  const wished = parameters.get('edit');
  useEffect(() => {
    if (wished === null) return;
    setParameters(
      (all) => {
        all.delete('edit');
        return all;
      },
      { replace: true },
    );
    if (mayWrite) edit(wished);
    // Once for each wish.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wished]);
}
