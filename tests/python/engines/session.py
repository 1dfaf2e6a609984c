"""One Spark for all tests of a worker: its JVM starts once, and its metastore is in memory.

Where tables lie is fixed when Spark starts. So they lie behind a link, which leads to the data
folder that is in use; the session knows the tables of that one alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import yaml
from dbt_here import Done, environment, invoke

from orchestration.project import ROOT, Project
from orchestration.spark import talking_to

# Removed when the worker ends.
FOLDER = tempfile.TemporaryDirectory(prefix="spark_of_tests_", ignore_cleanup_errors=True)
# What a session on disk has, and this one does not.
METASTORE = "spark.hadoop.javax.jdo.option.ConnectionURL"


class Session:
    """Spark as profiles.yml has it, but for the place of its tables and of its metastore."""

    def __init__(self, folder: Path) -> None:
        from pyspark.sql import SparkSession

        self.log = folder / "stderr.log"
        self.link = folder / "warehouse"
        self.nowhere = folder / "nowhere"
        self.nowhere.mkdir()
        self.used: Path | None = None
        self.manifests: dict[tuple, Any] = {}
        builder = SparkSession.builder
        for name, value in self._settings(folder).items():
            builder = builder.config(name, value)
        with talking_to(self.log):
            self.spark = builder.getOrCreate()
        # Java of a thousand terms takes longer to compile than a dozen rows to read. Spark compiles
        # as it ships where a refresh is tried as a whole, in a process of its own.
        self.spark.conf.set("spark.sql.codegen.wholeStage", "false")
        self.spark.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")

    def dbt(self, root: Path, data: Path, words: Sequence[str]) -> Done:
        """What a dbt process with the target spark would do; a project is parsed once."""
        self._use(data)
        project = Project(root, data, "spark")
        return invoke(project, words, self._manifest(project, words))

    def _manifest(self, project: Project, words: Sequence[str]) -> Any:
        """The manifest of a project under the variables that a command gives, parsed once.

        None for a query on the command line, which would become a part of it.
        """
        if "--inline" in words:
            return None
        given = [words[words.index("--vars") + 1]] if "--vars" in words else []
        key = (project.root, *given)
        if key not in self.manifests:
            variables = [word for value in given for word in ("--vars", value)]
            self.manifests[key] = invoke(project, ["parse", *variables]).result
        return self.manifests[key]

    def _use(self, data: Path) -> None:
        """Forgets the tables of the data folder before, whose files stay, and leads to this one,
        where tables of another Spark would stand in the way."""
        if data == self.used:
            return
        self._lead_to(self.nowhere)
        for database in self.spark.catalog.listDatabases():
            if database.name != "default":
                self.spark.sql(f"drop database {database.name} cascade")
        warehouse = Project(ROOT, data, "spark").warehouse
        shutil.rmtree(warehouse, ignore_errors=True)
        warehouse.mkdir(parents=True)
        self._lead_to(warehouse)
        self.used = data

    def _lead_to(self, folder: Path) -> None:
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(folder)

    def _settings(self, folder: Path) -> dict[str, str]:
        profile = yaml.safe_load((ROOT / "profiles.yml").read_text())
        with environment(folder):
            settings = {
                name: jinja2.Template(value).render(env_var=os.environ.get)
                for name, value in profile["regulars"]["outputs"]["spark"][
                    "server_side_parameters"
                ].items()
                if name != METASTORE
            }
        # It lives for as long as Java takes to pay for compiling well, on half of the machine.
        settings["spark.driver.extraJavaOptions"] += " -XX:TieredStopAtLevel=4 -XX:+UseSerialGC"
        return settings | {
            "spark.sql.catalogImplementation": "in-memory",
            # A plan is made once, not again after each of its stages; nobody reads what it says.
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.ui.explainMode": "simple",
            # Files without checksums and marks of their end, each of which Java has another process
            # give its permissions.
            "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
            "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
            # One task reads what a feed has delivered: to each Java sends the whole plan, megabytes
            # of an entity with its score of sources. What is shuffled stays in two parts.
            "spark.sql.files.minPartitionNum": "1",
            "spark.sql.leafNodeDefaultParallelism": "1",
            "spark.sql.warehouse.dir": str(self.link),
        }


@cache
def session() -> Session:
    """The Spark of this worker, which starts when the first test asks for it."""
    return Session(Path(FOLDER.name))
