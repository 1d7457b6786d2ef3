"""Warta's pages inside Airflow's UI; Airflow looks for plugins in this folder."""

from scrapers.airflow.plugin import WartaPlugin

__all__ = ["WartaPlugin"]
