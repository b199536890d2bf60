"""``--engine``: who counts the facts of a score, this machine's DuckDB or a Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from zhangfa.facts.counting import Counter


class Engine(click.ParamType[str]):
    """The name of an engine, as ``spark`` or ``spark=spark://10.0.0.1:7077``."""

    name = "duckdb|spark[=MASTER]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read it, or say which there are."""
        word = str(value)
        if word == "duckdb" or word.partition("=")[0] == "spark":
            return word
        sentence = f"没有“{word}”这个引擎：duckdb、spark 或 spark=MASTER。"
        self.fail(f"{sentence} There is no engine {word!r}: duckdb, spark or spark=MASTER.", param, ctx)


@contextmanager
def counting_with(engine: str | None) -> Iterator[Counter | None]:
    """Give the counter of an engine; a Spark ends with the block. Says what is missing where it cannot be started."""
    if engine is None or engine == "duckdb":
        yield None
        return
    from zhangfa.facts.spark.counter import SparkCounter
    from zhangfa.facts.spark.session import LOCAL, NoSpark, session_on

    try:
        with session_on(engine.partition("=")[2] or LOCAL) as session:
            yield SparkCounter(session)
    except NoSpark as missing:
        raise click.ClickException(str(missing))
