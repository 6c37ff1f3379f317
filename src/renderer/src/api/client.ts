import type { Answer } from '../../../shared/bridge';
import type { AnswerOf, AreaName, Contract, InputOf, ProcedureName } from '../../../shared/contract/index';
import { ApiError } from './api-error';
import { bridge } from './bridge';

type Invoke<Input, Value> = (input: Input, callId: string) => Promise<Answer<Value>>;

/**
 * Asks the console. Aborting `signal` cancels the call there too, its SQL included.
 * @throws ApiError with the console's code, message and hint; `cancelled` after an abort.
 */
export async function call<Area extends AreaName, Name extends ProcedureName<Area>>(
  area: Area,
  procedure: Name,
  input: InputOf<Contract[Area][Name]>,
  signal?: AbortSignal,
): Promise<AnswerOf<Contract[Area][Name]>> {
  if (signal?.aborted) throw cancelled();
  // The mapped type of Bridge does not resolve for a generic name; the contract guarantees this shape.
  const invoke = (
    bridge()[area] as unknown as Record<
      Name,
      Invoke<InputOf<Contract[Area][Name]>, AnswerOf<Contract[Area][Name]>>
    >
  )[procedure];
  const callId = crypto.randomUUID();
  const cancel = (): void => bridge().host.cancel(callId);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const answer = await invoke(input, callId);
    if (answer.ok) return answer.value;
    throw new ApiError(answer.error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function cancelled(): ApiError {
  return new ApiError({ code: 'cancelled', message: 'Cancelled.' });
}
