import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { AreaName, Contract, InputOf } from '../../../shared/contract/index';
import type { FileOutput } from '../../../shared/contract/values';
import type { ApiError } from './api-error';
import { bridge } from './bridge';
import { call } from './client';
import type { ProcedureOfKind } from './use-procedure';

export interface FileExport<Input> {
  readonly busy: boolean;
  run(input: Input): void;
  /** Stops writing, its SQL included; what was written so far is taken away, unless it must stay. */
  cancel(): void;
}

interface Outcome {
  readonly onSaved: (name: string) => void;
  /** Not called when it was cancelled. */
  readonly onError: (error: ApiError) => void;
}

/**
 * Writes a file through a `file` procedure: a dialog on the desktop, a download in the browser. Leaving the screen
 * cancels it; a download goes on, for the browser has it then and shows it.
 */
export function useFileExport<Area extends AreaName, Name extends ProcedureOfKind<Area, 'file'>>(
  area: Area,
  procedure: Name,
  { onSaved, onError }: Outcome,
): FileExport<InputOf<Contract[Area][Name]>> {
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const { mutate, isPending } = useMutation<FileOutput, ApiError, InputOf<Contract[Area][Name]>>({
    mutationFn: async (input) => {
      const controller = new AbortController();
      running.current = controller;
      return (await call(area, procedure, input, controller.signal)) as FileOutput;
    },
    onSuccess: (output) => {
      if (output.state === 'ticket') bridge().host.downloadTicket?.(output.ticket, output.name);
      if (output.state !== 'cancelled') onSaved(output.name);
    },
    onError: (error) => {
      if (error.code !== 'cancelled') onError(error);
    },
  });
  return { busy: isPending, run: mutate, cancel: () => running.current?.abort() };
}
