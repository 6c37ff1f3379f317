import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConsole } from '../src/main/console';
import type { Answer } from '../src/shared/bridge';
import type { AppState } from '../src/shared/contract/app';
import { print, quantile } from './measure';

const rounds = 3;

/** From the click to a usable workspace, each time in a folder where nothing was before. */
export async function oneClick(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await setUpOnce());
  print(`one click to a usable workspace, cold, median of ${String(rounds)}`, quantile(times) / 1000, 's', 5);
}

async function setUpOnce(): Promise<number> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'litemaas-bench-'));
  await chmod(dataFolder, 0o711);
  const running = await createConsole({
    host: 'browser',
    version: 'bench',
    migrationsFolder: 'migrations',
    demoFolder: 'src/main/demo/data',
    environment: { ...process.env, LITEMAAS_DATA_DIR: dataFolder },
    checkOutputs: false,
  });
  const ask = async <T>(area: string, procedure: string, input: object): Promise<T> => {
    const host = {
      signal: new AbortController().signal,
      deliverFile: () => Promise.reject(new Error('no files here')),
    };
    const answer = (await running.call({ area, procedure, input }, host)) as Answer<T>;
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  };
  try {
    const startedAt = performance.now();
    const { jobId } = await ask<{ jobId: string }>('workspace', 'setUpLocal', { demo: false });
    for (let revision = -1; ;) {
      const state = await ask<AppState>('app', 'watch', { sinceRevision: revision });
      revision = state.revision;
      const job = state.jobs.find(({ id }) => id === jobId);
      if (job?.state === 'failed') throw new Error(job.error?.message);
      if (job?.state === 'succeeded') break;
    }
    await ask('overview', 'counts', {});
    return performance.now() - startedAt;
  } finally {
    await running.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}
