"""A dbt plugin: Spark runs with ANSI SQL, which dbt-spark 1.11 switches off whatever one says.

Without it Spark lets integers wrap around, and makes null of what it can't cast, without a word;
DuckDB fails. dbt imports each installed module whose name begins with `dbt_`, and makes its
plugins before it opens a connection.
"""

from __future__ import annotations

import sys

from dbt.plugins.manager import dbtPlugin

ANSI = "spark.sql.ansi.enabled"


class AnsiSpark(dbtPlugin):
    """Sets the parameter when a connection is opened, after dbt-spark has set its own."""

    def initialize(self) -> None:
        adapter = sys.modules.get("dbt.adapters.spark.connections")
        if adapter is None:  # another engine
            return
        manager = adapter.SparkConnectionManager
        opened = manager.open.__func__

        def open_with_ansi(cls: type, connection):
            connection.credentials.server_side_parameters[ANSI] = "true"
            return opened(cls, connection)

        manager.open = classmethod(open_with_ansi)


plugins = [AnsiSpark]
