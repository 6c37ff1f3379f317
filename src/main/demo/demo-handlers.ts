import type { AreaHandlers } from '../router/handlers';
import { demoStatus } from './demo-status';
import { loadDemo } from './load-demo';
import { removeDemo } from './remove-demo';

/** Demonstration data: loaded into an empty workspace by one click, removed by another. */
export function createDemoHandlers({ demoFolder }: { readonly demoFolder: string }): AreaHandlers<'demo'> {
  return {
    status: (_input, { signal, workspace }) => workspace.database.read(signal, demoStatus),
    load: (_input, { signal, report, workspace }) =>
      loadDemo(workspace, { demoFolder, signal, report, now: new Date() }),
    remove: (_input, { signal, report, workspace }) => removeDemo(workspace, { signal, report }),
  };
}
