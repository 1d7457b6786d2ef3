"""What Airflow runs: the operator, forms and tasks of Dags, the notices of alarms, the plugin with the pages."""
