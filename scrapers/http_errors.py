"""What the pages and the API answer where something went wrong: a status of HTTP, and one line."""

import logging

import psycopg
from fastapi.exceptions import RequestValidationError
from psycopg.errors import QueryCanceled
from starlette.exceptions import HTTPException

from scrapers.errors import DatabaseError
from scrapers.storage.connection import explain

logger = logging.getLogger(__name__)


def status_and_line(error: Exception, *, statement_s: float) -> tuple[int, str]:
    """Return the status and the line for an error; one that nobody foresaw is told in the server's log alone.

    `statement_s` is how many seconds a statement may take.
    """
    match error:
        case HTTPException():
            return error.status_code, str(error.detail)
        case RequestValidationError():
            wrong = error.errors()[0]
            return 400, f"{wrong['loc'][-1]}: {wrong['msg']}"
        case DatabaseError():
            return 503, str(error)
        case QueryCanceled():
            return 503, f"Postgres took longer than {statement_s} s; ask for less: one outlet, fewer days"
        case psycopg.DataError():
            return 400, "the address holds a value that no text or number in Postgres can have"
        case psycopg.Error():
            logger.error("not answered: %s", explain(error))
            return 503, explain(error)
    return 500, "an error that nobody foresaw; the log of Airflow's api-server has it"
