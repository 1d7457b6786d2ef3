#!/bin/sh
# Put the databases' passwords where libpq looks for them, and out of the environment that crawls inherit.
set -eu
umask 077
{
    echo "*:*:warta:warta:$WARTA_DB_PASSWORD"
    echo "*:*:airflow:airflow:$AIRFLOW_DB_PASSWORD"
} >"$HOME/.pgpass"
unset WARTA_DB_PASSWORD AIRFLOW_DB_PASSWORD
umask 022
exec "$@"
