import { QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, configure, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach } from 'vitest';
import { connectBridge } from '../../src/renderer/src/api/bridge';
import { followAppState } from '../../src/renderer/src/api/app-state';
import { createQueryClient } from '../../src/renderer/src/api/query-client';
import { Appearance } from '../../src/renderer/src/app/appearance';
import { loadAllMessages } from '../../src/renderer/src/ui/i18n';
import { Toasts } from '../../src/renderer/src/ui/toasts';
import type { Answer } from '../../src/shared/bridge';
import type { AppState, JobState, WorkspaceState } from '../../src/shared/contract/app';
import type { AnswerOf, AreaName, Contract, InputOf, ProcedureName } from '../../src/shared/contract/index';
import type { ErrorEnvelope } from '../../src/shared/errors';

// A page on a busy machine takes longer than the second that is the library's own limit.
configure({ asyncUtilTimeout: 10_000 });

/** Needs `// @vitest-environment happy-dom` at the head of the test file. */
export interface RenderedPage {
  /** What the console answers to a procedure; everything that nobody answers is a failure of the call. */
  answer<Area extends AreaName, Name extends ProcedureName<Area>>(
    area: Area,
    name: Name,
    answer: (
      input: InputOf<Contract[Area][Name]>,
    ) => AnswerOf<Contract[Area][Name]> | Promise<AnswerOf<Contract[Area][Name]>>,
  ): void;
  /** The inputs of a procedure's calls, the first one first. */
  asked<Area extends AreaName, Name extends ProcedureName<Area>>(
    area: Area,
    name: Name,
  ): readonly InputOf<Contract[Area][Name]>[];
  /** Tells the page the console's state, as its long poll does. */
  tell(state: Partial<Omit<AppState, 'revision'>>): Promise<void>;
  /** Has the page read everything again, as it does when the console says that data changed. */
  readAgain(): void;
  /** Shows a screen, or a part of one, as the app does. */
  show(element: ReactElement): void;
}

type Answerer = (input: unknown) => unknown;

let answers = new Map<string, Answerer>();
let calls: { readonly procedure: string; readonly input: unknown }[] = [];
let state: AppState = { revision: 0, workspace: null, dataRevision: 0, jobs: [] };
let passOn: (() => void) | null = null;
let leaving = new AbortController();

// A busy machine draws a list or a dialog in more than the second that is the default.
configure({ asyncUtilTimeout: 10_000 });

/** Begins a page of its own for each test, whose console is the test. */
export async function openRenderedPage(): Promise<RenderedPage> {
  answers = new Map();
  calls = [];
  leaving = new AbortController();
  state = { revision: state.revision + 1, workspace: null, dataRevision: 0, jobs: [] };
  Object.defineProperty(window, 'litemaas', { configurable: true, value: scriptedBridge });
  await connectBridge();
  await loadAllMessages();
  void followAppState(leaving.signal);
  const queryClient = createQueryClient();
  return {
    readAgain: () => void queryClient.invalidateQueries(),
    answer: (area, name, answer) => void answers.set(`${area}.${name}`, answer as Answerer),
    asked: (area, name) =>
      calls.filter(({ procedure }) => procedure === `${area}.${name}`).map(({ input }) => input) as never,
    tell: (changes) =>
      act(async () => {
        state = { ...state, ...changes, revision: state.revision + 1 };
        passOn?.();
        await Promise.resolve();
      }),
    show(element) {
      const router = createMemoryRouter([{ path: '*', element }]);
      render(
        <Appearance>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
            <Toasts />
          </QueryClientProvider>
        </Appearance>,
      );
    },
  };
}

afterEach(() => {
  leaving.abort();
  cleanup();
});

async function invoke(procedure: string, input: unknown): Promise<Answer<unknown>> {
  if (procedure === 'app.watch') return watch((input as { sinceRevision: number }).sinceRevision);
  calls.push({ procedure, input });
  const answer = answers.get(procedure);
  if (answer !== undefined) return { ok: true, value: await answer(input) };
  return { ok: false, error: { code: 'internal', message: `The test answers no ${procedure}.` } };
}

async function watch(sinceRevision: number): Promise<Answer<AppState>> {
  if (state.revision <= sinceRevision) {
    await new Promise<void>((resolve) => {
      passOn = resolve;
    });
  }
  return { ok: true, value: state };
}

/** Any area, with any procedure. */
const scriptedBridge = new Proxy(
  { host: { kind: 'desktop', cancel: () => undefined } },
  {
    get: (own, area): unknown =>
      Reflect.get(own, area) ??
      new Proxy(
        {},
        { get: (_own, name) => (input: unknown) => invoke(`${String(area)}.${String(name)}`, input) },
      ),
  },
);

/** A job as the console's state lists it. */
export function jobOf(procedure: string, end: 'running' | 'succeeded' | ErrorEnvelope, id = 'job'): JobState {
  const error = typeof end === 'string' ? null : end;
  return {
    id,
    procedure,
    workspaceId: null,
    state: typeof end === 'string' ? end : 'failed',
    title: '',
    detail: null,
    done: null,
    total: null,
    result: {},
    error,
    startedAt: '2026-01-01T00:00:00.000000Z',
    finishedAt: end === 'running' ? null : '2026-01-01T00:00:01.000000Z',
  };
}

/** A workspace that is open to administer it, with the whole schema. */
export function openWorkspaceOf(changes: Partial<WorkspaceState> = {}): WorkspaceState {
  return {
    id: 'workspace',
    name: 'Books',
    environmentLabel: '',
    colour: '',
    kind: 'server',
    access: 'administer',
    location: 'postgresql://boss@db.example:5432/books',
    connection: 'open',
    weakSignInAllowed: false,
    schema: 'current',
    passport: { kind: 'console', statement: 'A database of LiteMaaS Console.' } as WorkspaceState['passport'],
    asSuperuser: false,
    litellmLinked: false,
    demo: false,
    reportingTimeZone: 'UTC',
    ...changes,
  };
}
