#!/bin/sh
# Bring both databases up to date and make the pools and the first user; may run any number of times.
set -eu

airflow db migrate
python -m scrapers migrate

python - >/tmp/pools.json <<'PYTHON'
import json

from scrapers.spiders import outlets, pool_of

one_at_a_time = {"slots": 1, "description": "One crawl at a time", "include_deferred": False}
print(json.dumps({pool_of(outlet.name): one_at_a_time for outlet in outlets()}))
PYTHON
airflow pools import /tmp/pools.json

# Asked for twice on standard input: arguments can be read by everyone on the machine.
printf '%s\n%s\n' "$AIRFLOW_ADMIN_PASSWORD" "$AIRFLOW_ADMIN_PASSWORD" |
    airflow users create --role Admin --username admin --firstname Warta --lastname Admin --email admin@localhost

# Who may see the UI sees Warta's menu item in it: by default roles below Op may not read plugins.
airflow sync-perm
airflow roles add-perms Viewer User --resource Plugins --action can_read
