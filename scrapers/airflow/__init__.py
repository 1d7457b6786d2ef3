"""What Airflow runs: the operator, and the form of its Dags."""
