"""Durable: each step is a row in SQLite, and outlives a crash."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory

import pysqlite3
from dbos import DBOS, DBOSConfig

from benchmarks.side import Round, timed

# DBOS needs SQLite 3.42: that of Python may be older.
SQLITE = {"module": pysqlite3}


@DBOS.step()
async def add(number: int) -> int:
    return number + 1


@DBOS.workflow()
async def loop(end: int) -> int:
    number = 0
    while number < end:
        number = await add(number)
    return number


@asynccontextmanager
async def side(iterations: int) -> AsyncIterator[Round]:
    async def run() -> int:
        number: int = await loop(iterations)
        return number

    with TemporaryDirectory() as folder:
        config = DBOSConfig(
            name="bench",
            system_database_url=f"sqlite:///{folder}/dbos.sqlite",
            db_engine_kwargs=SQLITE,
            log_level="ERROR",
        )
        DBOS(config=config)
        DBOS.launch()
        yield timed(run, iterations)
        DBOS.destroy()
