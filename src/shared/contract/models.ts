import { query } from './define';
import { optionsInput, optionsOutput } from './values';

export const modelsContract = {
  options: query({ scope: 'schema', input: optionsInput, output: optionsOutput }),
};
