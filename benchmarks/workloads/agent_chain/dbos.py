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
async def chain(steps: int) -> int:
    number = 0
    for _ in range(steps):
        number = await add(number)
    return number


@asynccontextmanager
async def side(steps: int) -> AsyncIterator[Round]:
    async def run() -> int:
        number: int = await chain(steps)
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
        yield timed(run, steps)
        DBOS.destroy()
