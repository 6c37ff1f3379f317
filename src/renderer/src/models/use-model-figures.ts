import { useMemo } from 'react';
import type { ModelFigures } from '../../../shared/contract/models';
import type { ApiError } from '../api/api-error';
import { useProcedureQuery } from '../api/use-procedure';

export interface FiguresOfModels {
  /** Undefined until they have arrived. */
  readonly of: (modelId: string) => ModelFigures | undefined;
  readonly error: ApiError | null;
}

/** Counts and usage of some models. They are asked for apart from the models, which are there sooner. */
export function useModelFigures(ids: readonly string[]): FiguresOfModels {
  const { data, error } = useProcedureQuery(
    'models',
    'figures',
    { ids: [...ids] },
    { enabled: ids.length > 0 },
  );
  return useMemo(() => {
    const byId = new Map(data?.figures.map((one) => [one.id, one]));
    return { of: (modelId) => byId.get(modelId), error };
  }, [data, error]);
}
