/**
 * A console's secret store in a process of its own, inside a D-Bus session that the test prepared. Takes the data
 * folder and a list of steps as JSON; answers with one JSON line: the result of each step.
 */
import { createSecretStore } from '../../../src/main/workspace/secrets/create-secret-store';
import { createKeytarBackend } from '../../../src/main/workspace/secrets/keytar-backend';
import { openSecretStore, type SecretReference } from '../../../src/main/workspace/secrets';
import type { Step } from './keyring-session';

const [dataFolder = '', timeoutMs = '', steps = '[]'] = process.argv.slice(2);
const store =
  timeoutMs === ''
    ? openSecretStore({ dataFolder })
    : createSecretStore([createKeytarBackend({ timeoutMs: Number(timeoutMs) })]);

async function run(step: Step): Promise<unknown> {
  const reference = (target: SecretReference['target']): SecretReference => ({
    profileId: 'profile',
    target,
  });
  switch (step.do) {
    case 'status':
      return store.status();
    case 'get':
      return store.get(reference(step.target));
    case 'set':
      return store.set(reference(step.target), step.value);
    case 'delete':
      return store.delete(reference(step.target)).then(
        () => 'deleted',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
  }
}

const results: unknown[] = [];
for (const step of JSON.parse(steps) as Step[]) {
  const startedAt = performance.now();
  const result = await run(step);
  results.push({ result, elapsedMs: performance.now() - startedAt });
}
process.stdout.write(`${JSON.stringify(results)}\n`);
// A call that hangs in the keychain must not keep the console from quitting.
process.exit(0);
