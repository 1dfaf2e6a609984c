"""The house rules, read from dbt's manifest and from the tree.

A rule that hinders a better design is changed here, openly.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import yaml
from project.conftest import WRITTEN_BY_REGULARS

from orchestration.landing.reasons import REASONS

ROOT = Path(__file__).resolve().parents[3]

LAYERS = {"staging": 0, "intermediate": 1, "marts": 2}
PREFIXES = {"staging": ("stg_", "contract__"), "intermediate": ("int_", "quarantine_"), "marts": ()}
MAX_LINES = 150
MAX_PARENTS = 7
MIN_UNIT_TESTS = 3
# What brings together all of something has as many parents as there are.
MAY_HAVE_MORE_PARENTS = {
    "int_settled_rows": "it counts the rows of every entity",
    "reconciliation": "it counts the rows of every mart that holds what was delivered",
}

# A model decides something when its SQL, or a macro that it calls, chooses, ranks or infers.
DECIDES = re.compile(r"\bcase\b|percent_rank|settle_deliveries|\banti join\b|\b(least|greatest)\(")
# Folders in which every model is a rule, also one that decides by its joins and filters.
FOLDERS_OF_RULES = {"causes"}
# What decides nothing of its own, or is proved elsewhere.
EXEMPT_FROM_UNIT_TESTS = {
    "int_settled_rows": "its one case only blanks the reason of rows that are not quarantined",
}

PERSONAL = re.compile(
    r"phone|mobile|e_?mail|full_name|nick_name|address$|birth|union_id|member_num"
)


def layer(model: dict) -> str:
    return model["fqn"][1]


def breaches(found: dict[str, str] | list[str]) -> str:
    lines = [f"{name}: {why}" for name, why in found.items()] if isinstance(found, dict) else found
    return "\n" + "\n".join(lines)


def test_layers_are_read_in_their_order(manifest: dict, models: list[dict]) -> None:
    by_id = {model["unique_id"]: model for model in models}
    found = [
        f"{model['name']} ({layer(model)}) reads {by_id[parent]['name']} ({layer(by_id[parent])})"
        for model in models
        for parent in model["depends_on"]["nodes"]
        if parent in by_id and LAYERS[layer(by_id[parent])] > LAYERS[layer(model)]
    ]
    assert not found, breaches(found)


def test_only_staging_reads_sources_and_from_one_table(models: list[dict]) -> None:
    """But for the parameters: Python wrote them typed and named, nothing is left to stage."""
    found = []
    for model in models:
        sources = [
            each
            for each in model["depends_on"]["nodes"]
            if each.startswith("source.") and not each.startswith("source.regulars.parameters.")
        ]
        parents = model["depends_on"]["nodes"]
        is_staging = model["name"].startswith("stg_")
        if (is_staging and (len(sources), len(parents)) != (1, 1)) or (sources and not is_staging):
            found.append(f"{model['name']} reads {', '.join(parents)}")
    assert not found, breaches(found)


def test_names_say_the_layer(models: list[dict]) -> None:
    found = [
        model["name"]
        for model in models
        if PREFIXES[layer(model)]
        and not model["name"].startswith(PREFIXES[layer(model)])
        or "." in model["name"]
    ]
    assert not found, breaches(found)


def test_every_model_has_a_yaml_of_its_name_beside_it(models: list[dict]) -> None:
    found = [
        model["original_file_path"]
        for model in models
        if model["patch_path"]
        != f"regulars://{Path(model['original_file_path']).with_suffix('.yml')}"
    ]
    assert not found, breaches(found)


def test_every_description_ends_with_the_grain(models: list[dict]) -> None:
    found = {
        model["name"]: model["description"].strip()
        for model in models
        if not re.search(r"One row( per [^.]+)?\.$", model["description"].strip())
    }
    assert not found, breaches(found)


def test_every_column_of_marts_and_contracts_is_described(models: list[dict]) -> None:
    found = [
        f"{model['name']}.{name}"
        for model in models
        if layer(model) == "marts" or model["name"].startswith("contract__")
        for name, column in model["columns"].items()
        if not column["description"].strip().endswith(".")
    ]
    assert not found, breaches(found)


def test_every_table_has_a_primary_key(manifest: dict, models: list[dict]) -> None:
    """Views rename, filter or union rows whose key is proved in the table made of them."""
    keyed = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "primary_key"
    }
    found = [
        model["name"]
        for model in models
        if model["config"]["materialized"] != "view" and model["unique_id"] not in keyed
    ]
    assert not found, breaches(found)


def test_every_model_has_an_owner(models: list[dict]) -> None:
    found = [model["name"] for model in models if not model["config"]["meta"].get("owner")]
    assert not found, breaches(found)


def test_marts_and_sources_have_enforced_contracts(models: list[dict]) -> None:
    found = [
        model["name"]
        for model in models
        if not model["config"]["contract"]["enforced"]
        and (
            layer(model) == "marts"
            or (layer(model) == "staging" and model["fqn"][2] not in WRITTEN_BY_REGULARS)
        )
    ]
    assert not found, breaches(found)


def test_staging_meets_the_entity_contracts_column_by_column(models: list[dict]) -> None:
    contracts = {
        model["name"].removeprefix("contract__"): model
        for model in models
        if model["name"].startswith("contract__")
    }

    def shape(model: dict) -> list[tuple[str, str]]:
        return [(name, column["data_type"]) for name, column in model["columns"].items()]

    found = [
        model["name"]
        for model in models
        if model["name"].startswith("stg_")
        and model["fqn"][2] not in WRITTEN_BY_REGULARS
        and shape(model) != shape(contracts[model["name"].split("__")[1]])
    ]
    assert not found, breaches(found)


def test_every_rule_has_unit_tests(manifest: dict, models: list[dict]) -> None:
    counts = Counter(test["model"] for test in manifest["unit_tests"].values())
    found = {
        model["name"]: f"{counts[model['name']]} unit tests"
        for model in models
        if layer(model) != "staging"
        and (DECIDES.search(model["raw_code"]) or model["fqn"][2] in FOLDERS_OF_RULES)
        and counts[model["name"]] < MIN_UNIT_TESTS
        and model["name"] not in EXEMPT_FROM_UNIT_TESTS
    }
    assert not found, breaches(found)


def test_models_stay_short_and_have_few_parents(models: list[dict]) -> None:
    found = {}
    for model in models:
        lines = len(model["raw_code"].splitlines())
        parents = len(set(model["depends_on"]["nodes"]))
        may_be_many = model["name"].endswith("_landed") or model["name"] in MAY_HAVE_MORE_PARENTS
        if lines > MAX_LINES or (parents > MAX_PARENTS and not may_be_many):
            found[model["name"]] = f"{lines} lines, {parents} parents"
    assert not found, breaches(found)


def test_what_is_built_is_used(manifest: dict, models: list[dict]) -> None:
    """Outside marts a model without a child, other than tests, feeds nobody; quarantine is read by
    people. An exposure says what the project's own Python reads."""
    children = manifest["child_map"]
    found = [
        model["name"]
        for model in models
        if layer(model) != "marts"
        and model["fqn"][2] != "quarantine"
        and not any(
            child.startswith(("model.", "exposure.")) for child in children[model["unique_id"]]
        )
    ]
    assert not found, breaches(found)


def test_marts_hold_no_contact_data(models: list[dict]) -> None:
    found = [
        f"{model['name']}.{column}"
        for model in models
        if layer(model) == "marts"
        for column in model["columns"]
        if PERSONAL.search(column)
    ]
    assert not found, breaches(found)


def test_every_macro_says_what_it_does_with_an_example() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "macros").rglob("*.sql"))
        if not path.read_text().startswith("{#")
        or ("Example:" not in path.read_text() and path.parent.name == "portable")
    ]
    assert not found, breaches(found)


def test_every_variable_is_explained() -> None:
    """A comment above each: what it means, and why this default."""
    lines = (ROOT / "dbt_project.yml").read_text().split("\nvars:\n")[1].splitlines()
    names = list(yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"])
    found = [
        name
        for name in names
        if not lines[
            next(i for i, line in enumerate(lines) if line.startswith(f"  {name}:")) - 1
        ].startswith("  #")
    ]
    assert not found, breaches(found)


def test_every_reason_of_the_lander_has_words(models: list[dict]) -> None:
    seed = (ROOT / "seeds" / "quarantine_reasons.csv").read_text().splitlines()[1:]
    assert set(REASONS) <= {line.split(",")[0] for line in seed}


def test_every_seed_gives_the_type_of_each_column(manifest: dict) -> None:
    """Spark's seeds are loaded by them, and an engine's own guess is not another's."""
    found = {
        node["name"]: header
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed"
        and (header := _header(ROOT / node["original_file_path"]))
        != list(node["config"]["column_types"])
    }
    assert not found, breaches(found)


def _header(csv: Path) -> list[str]:
    return csv.read_text().splitlines()[0].split(",")


def test_no_name_of_this_machine_is_committed() -> None:
    text = "\n".join((ROOT / name).read_text() for name in ("Makefile", ".ci/run", "profiles.yml"))
    locks = "\n".join(path.read_text() for path in ROOT.glob("requirements*.lock"))
    assert not re.search(r"https?://(?!127\.0\.0\.1)", text + locks)
    assert str(ROOT) not in text + locks
