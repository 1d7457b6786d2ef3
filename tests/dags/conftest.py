"""Airflow writes into its home as soon as it is imported; these tests give it one of their own."""

import os
import tempfile

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="warta-test-airflow-"))
