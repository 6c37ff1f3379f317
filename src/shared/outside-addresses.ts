/** The pages outside that the console links to: the only addresses that the desktop opens in the system's browser. */
export const outsideAddresses = {
  trace: 'https://github.com/Azure/AzurePublicDataset',
  prices: 'https://github.com/BerriAI/litellm',
  postgres: 'https://www.postgresql.org/about/licence/',
} as const;
