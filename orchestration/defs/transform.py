"""dbt's models, seeds and tests as assets and blocking asset checks."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from orchestration import build as builds
from orchestration import dbt
from orchestration.artifacts import Artifacts
from orchestration.defs.context import DBT_PROJECT, REFRESH, SESSION, WRITER, alone
from orchestration.defs.fitting import tell_of_parameters
from orchestration.defs.tables import MARTS_ARE_FRESH, Made, owners
from orchestration.exits import lines_of
from orchestration.failures import RefreshFailed
from orchestration.publish.audit import Witness, failures, is_audit, what_failed
from orchestration.publish.meaning import meaning
from orchestration.refresh import Refresh
from orchestration.request import asked

Event = dg.MaterializeResult | dg.AssetCheckResult
# Where dagster-dbt writes of which node of dbt an asset or a check is made.
NODE = "dagster_dbt/unique_id"


class Translator(DagsterDbtTranslator):
    """Groups by folder, and owners from `meta`: nothing is listed by name in Python."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        is_mart = spec.key.path[0] == "marts"
        return spec.replace_attributes(freshness_policy=MARTS_ARE_FRESH) if is_mart else spec

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        told = meaning(self.get_resource_props(manifest, unique_id))
        return spec and spec._replace(description=told)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return " ".join(dbt_resource_props["description"].split())

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        folders = dbt_resource_props["fqn"][1:-1]
        return folders[-1] if folders else "seeds"

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return owners(dbt_resource_props)


class BuildConfig(dg.Config):
    """What a run may ask for; empty means what the project says.

    `force` builds even where nothing has changed since what readers see.
    """

    as_of_date: str | None = None
    known_at: str | None = None
    variables: dict[str, Any] = {}
    force: bool = False

    def refresh(self) -> Refresh:
        """The refresh with the variables of the run."""
        return REFRESH.asking(asked(self.variables, self.as_of_date, self.known_at))


@dbt_assets(
    manifest=DBT_PROJECT.manifest_path,
    project=DBT_PROJECT,
    dagster_dbt_translator=Translator(),
    name="build",
    pool=WRITER,
)
def build(context: dg.AssetExecutionContext, config: BuildConfig) -> Iterator[Event]:
    """Builds and checks the warehouse; a failing check stops what comes after it.

    Each asset and check is told of when dbt has ended it. Nothing is built, and so nothing
    published, when all is as it was for what readers see.
    """
    with alone("build"):
        refresh = config.refresh()
        standing = None if config.force or context.is_subset else refresh.standing()
        if standing:
            context.log.info(f"Nothing has changed since generation {standing.id}.")
            return
        with builds.session(refresh, _session(refresh)) as session:
            words = (*dbt.BUILD, *_selection(context))
            made, failed = Made(ASSETS), []
            for node in builds.nodes(refresh, session, words):
                if node.unique_id in CHECKS and node.status != "pass":
                    failed.append(node)  # its rules can't be asked while dbt is at work
                else:
                    yield from _events(node, made)
        tell_of_parameters(context)
        artifacts = builds.artifacts(refresh)
        witness = builds.witness(refresh, artifacts)
        yield from (_failed_check(node, artifacts, witness) for node in failed)
        reasons = list(failures(artifacts, witness))
        for remark in refresh.remarks(artifacts):
            context.log.warning(remark)
    if reasons:
        raise dg.Failure("\n".join(lines_of(RefreshFailed(reasons))), allow_retries=False)


ASSETS = {spec.metadata[NODE]: spec.key for spec in build.specs}
CHECKS = {spec.metadata[NODE]: spec.key for spec in build.check_specs}


def _session(refresh: Refresh) -> dbt.Session:
    """That of the definitions, which has parsed the project, unless the run asks for something."""
    if refresh == REFRESH:
        return SESSION
    return dbt.Session(refresh.project, refresh.overrides, refresh.project.target, looks=True)


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """dbt's options for the assets and checks of the run; none when it is all of them."""
    if not context.is_subset:
        return []
    chosen = [node for node, key in ASSETS.items() if key in context.selected_asset_keys]
    chosen += [node for node, key in CHECKS.items() if key in context.selected_asset_check_keys]
    return ["--indirect-selection", "empty", "--select", *map(_name, chosen)]


def _name(unique_id: str) -> str:
    """What dbt selects a node by: the last part of a test's id is a digest of its arguments."""
    kind, _, *names = unique_id.split(".")
    return names[0] if kind == "test" else names[-1]


def _events(node: dbt.Node, made: Made) -> Iterator[Event]:
    metadata = {"unique_id": node.unique_id, "seconds": node.seconds}
    if node.unique_id in ASSETS and node.status == "success":
        metadata |= made.metadata(node)
        yield dg.MaterializeResult(asset_key=ASSETS[node.unique_id], metadata=metadata)
    elif node.unique_id in CHECKS:
        yield _check(node, True, metadata)


def _failed_check(node: dbt.Node, artifacts: Artifacts, witness: Witness) -> dg.AssetCheckResult:
    """A check that failed, with the rules that are broken, and by how many rows."""
    test, result = artifacts.manifest["nodes"][node.unique_id], artifacts.results[node.unique_id]
    rules = witness.broken_rules(result["compiled_code"]) if is_audit(test) else ()
    metadata = {
        "what": "\n".join(what_failed(test, result, witness)),
        "failing rows": result["failures"] or 0,
        **{each.rule: each.rows for each in rules},
    }
    return _check(node, False, metadata)


def _check(node: dbt.Node, passed: bool, metadata: Mapping[str, Any]) -> dg.AssetCheckResult:
    key = CHECKS[node.unique_id]
    severity = dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=passed,
        severity=severity,
        metadata=metadata,
    )
