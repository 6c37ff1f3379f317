#!/bin/bash
# start-real-proxy.sh VENV PORT DATABASE_URL MASTER_KEY: starts the LiteLLM that is installed in a Python environment
# (pip install "litellm[proxy]" prisma, then prisma generate --schema …/litellm/proxy/schema.prisma), on 127.0.0.1:PORT and
# in the foreground, with two models that answer from the proxy itself. Lays LiteLLM's own schema in an empty database.
# Prisma's engines are those it downloads itself, or the environment names them (PRISMA_QUERY_ENGINE_BINARY, …). Readiness
# answers after 20 to 40 s.
set -euo pipefail
venv=${1:?usage: start-real-proxy.sh VENV PORT DATABASE_URL MASTER_KEY} port=${2:?PORT} url=${3:?DATABASE_URL} key=${4:?MASTER_KEY}
config=$(mktemp)
trap 'rm -f "$config"' EXIT
cat > "$config" <<'YAML'
model_list:
  - model_name: priced
    litellm_params:
      { model: openai/priced, api_key: none, api_base: 'http://127.0.0.1:9', mock_response: An answer., input_cost_per_token: 0.0000012, output_cost_per_token: 0.0000034 }
  - model_name: unpriced
    litellm_params: { model: openai/unpriced, api_key: none, api_base: 'http://127.0.0.1:9', mock_response: Another. }
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY, store_model_in_db: true, proxy_batch_write_at: 2 }
YAML
packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
if [ "$(psql -XAtq "$url" -c "select to_regclass('public.\"LiteLLM_UserTable\"') is null")" = t ]; then
  find "$packages/litellm_proxy_extras/migrations" -name migration.sql -print0 | sort -z \
    | while IFS= read -r -d '' file; do psql -Xq -v ON_ERROR_STOP=1 "$url" -f "$file" > /dev/null; done
fi
export PATH=$venv/bin:$PATH DATABASE_URL=$url LITELLM_MASTER_KEY=$key LITELLM_SALT_KEY=sk-salt-for-tests DISABLE_SCHEMA_UPDATE=true \
  LITELLM_LOCAL_MODEL_COST_MAP=True LITELLM_MODE=PRODUCTION LITELLM_TELEMETRY=False NO_DOCS=True DISABLE_ADMIN_UI=True \
  HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 CHECKPOINT_DISABLE=1
"$venv/bin/litellm" --config "$config" --host 127.0.0.1 --port "$port" --telemetry False
