import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { plainDecimal, shiftDecimal } from '../../shared/decimal';

const price = z.number().transform((value) => plainDecimal(String(value)));

const catalogueEntry = z.object({
  litellm_provider: z.string(),
  mode: z.string().default('chat'),
  max_input_tokens: z.number().optional(),
  max_output_tokens: z.number().optional(),
  input_cost_per_token: price.optional(),
  output_cost_per_token: price.optional(),
  supports_function_calling: z.boolean().default(false),
  supports_vision: z.boolean().default(false),
  supports_reasoning: z.boolean().default(false),
});

/** A model of the demo with the prices of LiteLLM's catalogue, per token as exact decimal text. */
export interface DemoModel {
  readonly id: string;
  readonly provider: string;
  readonly mode: string;
  readonly contextLength: number | null;
  readonly maxTokens: number | null;
  readonly inputPricePerToken: string | null;
  readonly outputPricePerToken: string | null;
  readonly inputPricePer1k: string | null;
  readonly outputPricePer1k: string | null;
  readonly functionCalling: boolean;
  readonly vision: boolean;
  readonly capabilities: readonly string[];
}

const demoModelCount = 12;

/** The first dozen of the shipped catalogue extract (`data/model-prices.json`, see NOTICE.md there). */
export async function readDemoModels(demoFolder: string): Promise<DemoModel[]> {
  const text = await readFile(join(demoFolder, 'model-prices.json'), 'utf8');
  const catalogue = z.record(z.string(), catalogueEntry).parse(JSON.parse(text));
  return Object.entries(catalogue)
    .filter(([, entry]) => entry.mode === 'chat')
    .slice(0, demoModelCount)
    .map(([id, entry]) => ({
      id,
      provider: entry.litellm_provider,
      mode: entry.mode,
      contextLength: entry.max_input_tokens ?? null,
      maxTokens: entry.max_output_tokens ?? null,
      inputPricePerToken: entry.input_cost_per_token ?? null,
      outputPricePerToken: entry.output_cost_per_token ?? null,
      inputPricePer1k: perThousand(entry.input_cost_per_token),
      outputPricePer1k: perThousand(entry.output_cost_per_token),
      functionCalling: entry.supports_function_calling,
      vision: entry.supports_vision,
      capabilities: [
        entry.mode,
        ...(entry.supports_function_calling ? ['function_calling'] : []),
        ...(entry.supports_vision ? ['vision'] : []),
        ...(entry.supports_reasoning ? ['reasoning'] : []),
      ],
    }));
}

function perThousand(pricePerToken: string | undefined): string | null {
  return pricePerToken === undefined ? null : shiftDecimal(pricePerToken, 3);
}
