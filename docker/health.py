"""Exit with 0 where the api-server says that the named part of Airflow is healthy."""

import json
import os
import sys
import urllib.request

api = os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].removesuffix("/execution/")
with urllib.request.urlopen(f"{api}/api/v2/monitor/health", timeout=10) as answer:  # noqa: S310 - our own address
    sys.exit(json.load(answer)[sys.argv[1]]["status"] != "healthy")
