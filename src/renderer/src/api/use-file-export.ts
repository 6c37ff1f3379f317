import { useMutation } from '@tanstack/react-query';
import type { AreaName, Contract, InputOf } from '../../../shared/contract/index';
import type { FileOutput } from '../../../shared/contract/values';
import type { ApiError } from './api-error';
import { bridge } from './bridge';
import { call } from './client';
import type { ProcedureOfKind } from './use-procedure';

export interface FileExport<Input> {
  readonly busy: boolean;
  run(input: Input): void;
}

interface Outcome {
  readonly onSaved: (name: string) => void;
  readonly onError: (error: ApiError) => void;
}

/** Writes a file through a `file` procedure: a dialog on the desktop, a download in the browser. */
export function useFileExport<Area extends AreaName, Name extends ProcedureOfKind<Area, 'file'>>(
  area: Area,
  procedure: Name,
  { onSaved, onError }: Outcome,
): FileExport<InputOf<Contract[Area][Name]>> {
  const { mutate, isPending } = useMutation<FileOutput, ApiError, InputOf<Contract[Area][Name]>>({
    mutationFn: async (input) => (await call(area, procedure, input)) as FileOutput,
    onSuccess: (output) => {
      if (output.state === 'ticket') bridge().host.downloadTicket?.(output.ticket, output.name);
      if (output.state !== 'cancelled') onSaved(output.name);
    },
    onError,
  });
  return { busy: isPending, run: mutate };
}
