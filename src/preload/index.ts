import { contextBridge, ipcRenderer } from 'electron';
import type { Answer } from '../shared/bridge';
import { procedureNames } from '../shared/contract/names';

type Call = (input: unknown, callId: unknown) => Promise<Answer<unknown>>;

// The page gets one function for each procedure and nothing of Electron: no ipcRenderer, no event objects.
const areas = Object.entries(procedureNames).map(([area, procedures]) => [
  area,
  Object.fromEntries(Object.keys(procedures).map((procedure) => [procedure, callOf(area, procedure)])),
]);

contextBridge.exposeInMainWorld('litemaas', {
  ...Object.fromEntries(areas),
  host: {
    kind: 'desktop',
    cancel: (callId: unknown) => {
      if (typeof callId === 'string') ipcRenderer.send('litemaas:cancel', callId);
    },
  },
});

function callOf(area: string, procedure: string): Call {
  return async (input, callId) => {
    try {
      return (await ipcRenderer.invoke('litemaas:call', area, procedure, input, callId)) as Answer<unknown>;
    } catch {
      // Main refused or is gone, or the input can't be cloned: an answer like any other, never a rejection.
      return {
        ok: false,
        error: {
          code: 'internal',
          message: 'The console did not answer.',
          hint: 'Quit the program and start it again.',
        },
      };
    }
  };
}
