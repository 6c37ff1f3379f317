import type { AddressInfo } from 'node:net';
import type { Proxy, Switches } from './context';
import { endpoints } from './endpoints';
import { Faults } from './faults';
import { ProxyServer } from './http/server';
import { Recorder } from './recorder';
import { emptyState, type ProxyState } from './state';
import { versionProfiles, type VersionName, type VersionProfile } from './version-profiles';

/** The master key when none is given. */
const defaultMasterKey = 'sk-simulator-master-key';

export interface SimulatorOptions {
  /** Release to play; '1.81.0' when left out. */
  version?: VersionName;
  /** Version that `/health/readiness` tells, e.g. '1.82.7'; the release's own when left out. */
  reportedVersion?: string;
  masterKey?: string;
  /** What the proxy knows at the start; empty when left out. It is used as it is, not copied. */
  state?: ProxyState;
  /** TCP port on 127.0.0.1; a free one when left out. */
  port?: number;
  /** LiteLLM's `SERVER_ROOT_PATH`, e.g. '/litellm'. */
  rootPath?: string;
  /** LiteLLM's `litellm_key_header_name`: then only this header carries the key. */
  keyHeaderName?: string;
  switches?: Partial<Switches>;
  /** The proxy's clock; the machine's when left out. */
  now?: () => Date;
}

export interface Simulator {
  /** Base URL with the root path, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly masterKey: string;
  readonly profile: VersionProfile;
  readonly state: ProxyState;
  readonly switches: Switches;
  readonly faults: Faults;
  readonly recorder: Recorder;
  /** Calls that must never be made, as `METHOD path`. */
  readonly violations: readonly string[];
  /** Stops at once, cutting open connections. */
  close(): Promise<void>;
}

const calm: Switches = {
  databaseConnected: true,
  hideReadinessDetails: false,
  unstableOrder: false,
  lossyDailyTables: false,
  singleModel: false,
  spendLagMs: 0,
  memberWriteGapMs: 5,
  licensedTeams: null,
  licensedUsers: null,
  defaultTeamSettings: {},
  defaultUserSettings: {},
};

/**
 * Starts a simulated LiteLLM proxy on 127.0.0.1, written from the API reference alone. Rejects when the port is taken.
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const profile = versionProfiles[options.version ?? '1.81.0'];
  const proxy: Proxy = {
    profile,
    reportedVersion: options.reportedVersion ?? profile.litellmVersion,
    masterKey: options.masterKey ?? defaultMasterKey,
    keyHeaderName: options.keyHeaderName ?? null,
    state: options.state ?? emptyState(),
    switches: { ...calm, ...options.switches },
    recorder: new Recorder(),
    now: options.now ?? (() => new Date()),
  };
  const faults = new Faults();
  const rootPath = (options.rootPath ?? '').replace(/\/+$/, '');
  const { server } = new ProxyServer(proxy, faults, rootPath, endpoints);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${rootPath}`,
    port,
    masterKey: proxy.masterKey,
    profile,
    state: proxy.state,
    switches: proxy.switches,
    faults,
    recorder: proxy.recorder,
    violations: proxy.recorder.violations,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
