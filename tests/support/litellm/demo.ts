import { parseArgs } from 'node:util';
import { createSimulator, demoCredentials, seedDemoState, spendTotals, type VersionName } from './index';
import { versionProfiles } from './version-profiles';

const defaultPort = 4000;
const masterKey = 'sk-demo-master-key';

function requestedPort(text: string | undefined): number {
  const port = text === undefined ? defaultPort : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`--port must be a number from 0 to 65535, not "${text}".`);
}

function isVersionName(text: string): text is VersionName {
  return text in versionProfiles;
}

function requestedRelease(text = '1.81.0'): VersionName {
  if (isVersionName(text)) return text;
  throw new Error(`--release must be one of ${Object.keys(versionProfiles).join(', ')}, not "${text}".`);
}

function describeStartFailure(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken. Choose another: npm run demo:litellm -- --port 4001`;
  return error instanceof Error ? error.message : String(error);
}

/** `npm run demo:litellm`: a simulated LiteLLM proxy with real models and a real request trace. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, release: { type: 'string' } } });
  const port = requestedPort(values.port);
  const version = requestedRelease(values.release);
  const state = seedDemoState({ now: new Date() });
  const simulator = await createSimulator({ state, port, masterKey, version }).catch((error: unknown) => {
    throw new Error(describeStartFailure(error, port));
  });
  const totals = spendTotals(state);
  process.stdout
    .write(`Simulated LiteLLM ${simulator.profile.litellmVersion}, for trying out the console. Nothing here is a real proxy.

  URL         ${simulator.url}
  Master key  ${simulator.masterKey}
  Viewer key  ${demoCredentials.viewer}   (may read, not write)

  ${state.users.size} users, ${state.teams.size} teams, ${state.keys.size - 1} keys, ${totals.requests} requests of the last 30 days
  (${totals.promptTokens} prompt and ${totals.completionTokens} completion tokens, $${totals.spend.toFixed(4)}).
  Token counts are the Azure LLM inference trace 2023 (CC BY 4.0); people, teams, keys and latencies are made up.

To link it: open the console, go to Sync, choose to link a LiteLLM proxy, and enter the URL and the master key.
Press Ctrl-C to stop.
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
