import { useEffect, useState } from 'react';
import type { RelationRow } from '../../../shared/contract/browse';
import type { RecordHit } from '../../../shared/contract/search';
import { type ApiError, toApiError } from '../api/api-error';
import { call } from '../api/client';

interface Hits {
  readonly records: readonly RecordHit[];
  readonly relations: readonly RelationRow[];
  readonly error: ApiError | null;
}

interface HitsState extends Hits {
  /** What was asked. */
  readonly asked: string;
}

const debounceMs = 120;
const mostRelations = 8;
const none: Hits = { records: [], relations: [], error: null };

/**
 * What the open database has for a text: records, or in a database without our schema its relations. Earlier hits stay
 * until the next are there, unless `keepsEarlier` is false (for a pasted key, of which they say nothing). Kept by the component alone: a pasted key must not end in a cache.
 */
export function useHits(
  text: string,
  source: 'records' | 'relations' | null,
  keepsEarlier: boolean,
): Hits & { isAsking: boolean } {
  const [state, setState] = useState<HitsState>({ ...none, asked: '' });
  useEffect(() => {
    if (text === '' || source === null) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      ask(text, source, controller.signal).then(
        (hits) => setState({ ...none, ...hits, asked: text }),
        (error: unknown) => {
          if (!controller.signal.aborted) setState({ ...none, error: toApiError(error), asked: text });
        },
      );
    }, debounceMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text, source]);
  if (text === '' || source === null) return { ...none, isAsking: false };
  const isAsking = state.asked !== text;
  return { ...(isAsking && !keepsEarlier ? none : state), isAsking };
}

async function ask(
  text: string,
  source: 'records' | 'relations',
  signal: AbortSignal,
): Promise<Partial<Hits>> {
  if (source === 'records') {
    return { records: (await call('search', 'everything', { search: text }, signal)).hits };
  }
  const page = { search: text, pageSize: mostRelations, filters: { partitions: true } };
  return { relations: (await call('browse', 'relations', page, signal)).rows };
}
