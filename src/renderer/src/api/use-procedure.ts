import {
  keepPreviousData,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { AnswerOf, AreaName, Contract, InputOf, ProcedureName } from '../../../shared/contract/index';
import type { ApiError } from './api-error';
import { call } from './client';

type Kind = 'query' | 'command' | 'job' | 'file';

/** Names of an area's procedures of one kind. */
export type ProcedureOfKind<Area extends AreaName, K extends Kind> = {
  [Name in ProcedureName<Area>]: Contract[Area][Name] extends { kind: K } ? Name : never;
}[ProcedureName<Area>];

export interface ProcedureQueryOptions<Answer = unknown> {
  /** False while the input is not known yet. */
  readonly enabled?: boolean;
  /** Shows the last page until the next has arrived: for lists. */
  readonly keepPrevious?: boolean;
  /** How long an answer counts as fresh. The default is a minute; changes by this console are announced anyway. */
  readonly staleTimeMs?: number;
  /** After how long it is asked again by itself: what other consoles do is not announced. False: not at all. */
  readonly refetchMs?: (data: Answer | undefined) => number | false;
}

/** Reads through a `query`; leaving the screen or changing the input cancels it, its SQL included. */
export function useProcedureQuery<Area extends AreaName, Name extends ProcedureOfKind<Area, 'query'>>(
  area: Area,
  procedure: Name,
  input: InputOf<Contract[Area][Name]>,
  options: ProcedureQueryOptions<AnswerOf<Contract[Area][Name]>> = {},
): UseQueryResult<AnswerOf<Contract[Area][Name]>, ApiError> {
  const { enabled = true, keepPrevious = false, staleTimeMs, refetchMs } = options;
  return useQuery<AnswerOf<Contract[Area][Name]>, ApiError>({
    queryKey: [area, procedure, input],
    queryFn: ({ signal }) => call(area, procedure, input, signal),
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
    ...(staleTimeMs === undefined ? {} : { staleTime: staleTimeMs }),
    ...(refetchMs === undefined ? {} : { refetchInterval: ({ state }) => refetchMs(state.data) }),
  });
}

/**
 * Makes one change through a `command`. What it answers is not cached: secrets cross this way and are dropped with
 * the component (`gcTime` 0).
 */
export function useProcedureCommand<Area extends AreaName, Name extends ProcedureOfKind<Area, 'command'>>(
  area: Area,
  procedure: Name,
): UseMutationResult<AnswerOf<Contract[Area][Name]>, ApiError, InputOf<Contract[Area][Name]>> {
  return useMutation<AnswerOf<Contract[Area][Name]>, ApiError, InputOf<Contract[Area][Name]>>({
    mutationFn: (input) => call(area, procedure, input),
    gcTime: 0,
  });
}
