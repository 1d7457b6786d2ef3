-- Run once, by the postgres image, when its volume is empty: a role and a database each for Warta and Airflow.
\getenv warta_password WARTA_DB_PASSWORD
\getenv airflow_password AIRFLOW_DB_PASSWORD

CREATE ROLE warta LOGIN PASSWORD :'warta_password';
CREATE ROLE warta_writer;
CREATE ROLE warta_reader;
GRANT warta_writer, warta_reader TO warta;
CREATE DATABASE warta OWNER warta;
REVOKE ALL ON DATABASE warta FROM PUBLIC;

CREATE ROLE airflow LOGIN PASSWORD :'airflow_password';
CREATE DATABASE airflow OWNER airflow;
REVOKE ALL ON DATABASE airflow FROM PUBLIC;
