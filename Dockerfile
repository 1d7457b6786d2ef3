# The one image of docker-compose.yml: Airflow, Scrapy and Warta, run by a plain user.
ARG BASE_IMAGE=python:3.12-slim-bookworm
FROM ${BASE_IMAGE}

RUN useradd --uid 50000 --create-home warta \
    && install --directory --owner=warta --group=warta /opt/airflow /opt/airflow/logs /opt/airflow/takedowns

WORKDIR /opt/warta
COPY requirements-cluster.lock ./
# Wheels only: nothing is compiled, so nothing of an unchecked source is run
RUN python -m pip install --no-cache-dir --no-deps --only-binary=:all: --require-hashes -r requirements-cluster.lock

# Not installed but run from here: `scrapers` finds scrapy.cfg, dags/ and plugins/ beside itself
COPY scrapy.cfg ./
COPY docker docker
COPY dags dags
COPY plugins plugins
COPY scrapers scrapers
ENV PYTHONPATH=/opt/warta \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/warta/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/warta/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False

USER warta
ENTRYPOINT ["docker/entrypoint.sh"]
CMD ["airflow", "info"]
