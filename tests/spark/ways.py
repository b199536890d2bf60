"""The two ways in which Spark works an expression out, by its size: both are held to ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

COMPILED = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK"}
INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


def set_way(spark: Any, way: Mapping[str, str]) -> None:
    """Let Spark work in a way from now on."""
    for name, value in way.items():
        spark.conf.set(name, value)
