import type { Call, Endpoint } from '../context';
import { httpException } from '../http/failures';
import { pageOf, sortedBy } from '../http/paging';
import { toPythonJson } from '../http/python-json';
import { QueryReader } from '../http/query-reader';
import type { JsonObject, ModelDeployment } from '../state';
import { modelGroups } from './model-groups';

const notLoaded =
  'LLM Model List not loaded in. Make sure you passed models in your config.yaml or on the LiteLLM Admin UI.';

/** Constants: the reference calls them useless. */
const created = 1677610602;
const ownedBy = 'openai';

function loadedModels({ state, profile }: Call): ModelDeployment[] {
  if (state.models.length === 0 && profile.emptyRouterFails) throw httpException(500, { error: notLoaded });
  return state.models;
}

function masked(value: unknown): string {
  const text = toPythonJson(value, 'cost');
  return `${text.slice(0, 2)}****${text.slice(-2)}`;
}

/** `litellm_params` as shown: older releases mask price fields because their name has a `token` segment. */
function shownParameters(parameters: JsonObject, masks: boolean): JsonObject {
  if (!masks) return parameters;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const secret = name
        .split('_')
        .some((part) => ['token', 'key', 'secret', 'auth', 'access'].includes(part));
      return [name, secret && value !== null ? masked(value) : value];
    }),
  );
}

function shownDeployment(deployment: ModelDeployment, call: Call): ModelDeployment {
  return {
    model_name: deployment.model_name,
    litellm_params: shownParameters(deployment.litellm_params, call.profile.masksPriceParameters),
    model_info: deployment.model_info,
  };
}

function listNames({ state }: Call): unknown {
  const names = [...new Set(state.models.map((deployment) => deployment.model_name))];
  const data = names.map((id) => ({ id, object: 'model', created, owned_by: ownedBy }));
  return { data, object: 'list' };
}

function modelInfo(call: Call): unknown {
  const id = call.query.get('litellm_model_id');
  const models = loadedModels(call);
  if (call.proxy.switches.singleModel) return { data: models[0] };
  if (id === null) return { data: models.map((deployment) => shownDeployment(deployment, call)) };
  const found = models.find((deployment) => deployment.model_info.id === id);
  if (!found) throw httpException(400, { error: `Model id = ${id} not found on litellm proxy` });
  return { data: [shownDeployment(found, call)] };
}

function teamsWithAccess(call: Call, modelName: string): string[] {
  return [...call.state.teams.values()]
    .filter((team) => team.models.includes(modelName) || team.models.includes('all-proxy-models'))
    .map((team) => team.team_id);
}

/** Adds access fields and filters; pages with 50 a page from the release that does, else sends everything. */
function modelInfoV2(call: Call): unknown {
  const query = new QueryReader(call.query);
  const page = query.integer('page', 1, 1);
  const size = query.integer('size', 50, 1);
  const name = query.text('model');
  const search = query.text('search')?.toLowerCase() ?? null;
  const modelId = query.text('modelId');
  const teamId = query.text('teamId');
  const sortBy = query.text('sortBy');
  const sortOrder = query.text('sortOrder') === 'desc' ? 'desc' : 'asc';
  query.check();
  const rows = loadedModels(call)
    .filter((row) => name === null || row.model_name === name)
    .filter((row) => search === null || row.model_name.toLowerCase().includes(search))
    .filter((row) => modelId === null || row.model_info.id === modelId)
    .filter((row) => teamId === null || teamsWithAccess(call, row.model_name).includes(teamId));
  const sorted = sortBy === 'model_name' ? sortedBy(rows, (row) => row.model_name, sortOrder) : rows;
  const shown = sorted.map((row) => {
    const shownRow = shownDeployment(row, call);
    const access = {
      direct_access: row.model_info.team_id === null || row.model_info.team_id === undefined,
      access_via_team_ids: teamsWithAccess(call, row.model_name),
    };
    return { ...shownRow, model_info: { ...shownRow.model_info, ...access } };
  });
  if (!call.profile.modelInfoV2Paging) return { data: shown };
  if (!call.query.has('page') && !call.query.has('size')) call.proxy.recorder.violation(call.recorded);
  const part = pageOf(shown, page, size);
  return {
    data: part.rows,
    total_count: part.total,
    current_page: page,
    total_pages: part.totalPages,
    size,
  };
}

function modelGroupInfo(call: Call): unknown {
  const wanted = call.query.get('model_group');
  const groups = modelGroups(loadedModels(call));
  return { data: wanted === null ? groups : groups.filter((group) => group.model_group === wanted) };
}

export const modelEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/v1/models', access: 'any', withoutDatabase: true, handle: listNames },
  { method: 'GET', path: '/models', access: 'any', withoutDatabase: true, handle: listNames },
  { method: 'GET', path: '/model/info', access: 'any', withoutDatabase: true, handle: modelInfo },
  { method: 'GET', path: '/v1/model/info', access: 'any', withoutDatabase: true, handle: modelInfo },
  { method: 'GET', path: '/v2/model/info', access: 'any', handle: modelInfoV2 },
  { method: 'GET', path: '/model_group/info', access: 'any', withoutDatabase: true, handle: modelGroupInfo },
];
