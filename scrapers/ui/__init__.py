"""The pages inside Airflow's UI: HTML from the server, for people who read, search and watch."""
