import { describe, expect, it } from 'vitest';
import type { WorkspaceState } from '../../shared/contract/app';
import { createConsoleState } from './console-state';
import { createJobs } from './jobs';
import { toErrorEnvelope } from '../router/error-envelope';

const workspace: WorkspaceState = {
  id: 'w',
  name: 'Local database',
  environmentLabel: 'local',
  colour: '',
  kind: 'local',
  access: 'administer',
  location: 'postgresql://litemaas@127.0.0.1:5432/litemaas',
  connection: 'open',
  weakSignInAllowed: false,
  schema: 'current',
  passport: {
    kind: 'console',
    generation: null,
    holdsLitellm: false,
    statement: 'The console’s own schema.',
  },
  asSuperuser: false,
  litellmLinked: false,
  demo: false,
  reportingTimeZone: 'UTC',
};

function setUp() {
  const jobs = createJobs({ onChange: () => state.touch(), toEnvelope: toErrorEnvelope });
  const state = createConsoleState(() => jobs);
  return { jobs, state };
}

describe('the shared state', () => {
  it('answers at once when it is newer, and waits for the next change when it is not', async () => {
    const { state } = setUp();
    const signal = new AbortController().signal;
    const first = await state.watch(-1, signal);
    let answered = false;
    const next = state.watch(first.revision, signal).then((found) => {
      answered = true;
      return found;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    state.setWorkspace(workspace);
    expect(await next).toMatchObject({ revision: first.revision + 1, workspace: { name: 'Local database' } });
  });

  it('answers an aborted wait with what it has', async () => {
    const { state } = setUp();
    const controller = new AbortController();
    const waiting = state.watch(0, controller.signal);
    controller.abort();
    expect((await waiting).revision).toBe(0);
  });

  it('does not wake anybody for a change that changes nothing', async () => {
    const { state } = setUp();
    state.setWorkspace(workspace);
    const { revision } = await state.watch(-1, new AbortController().signal);
    state.patchWorkspace({ connection: 'open' });
    expect((await state.watch(-1, new AbortController().signal)).revision).toBe(revision);
    state.patchWorkspace({ connection: 'lost' });
    expect((await state.watch(-1, new AbortController().signal)).revision).toBe(revision + 1);
  });
});
