"""Warta on one machine: Postgres, Airflow and the seed site as background processes under WARTA_HOME."""
