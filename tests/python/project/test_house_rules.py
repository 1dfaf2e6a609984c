"""The house rules, read from dbt's manifest and from the tree.

A rule that hinders a better design is changed here, openly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from orchestration.landing.reasons import REASONS
from orchestration.privacy.inventory import NONE, Declarations
from orchestration.privacy.undeclared import by_name

ROOT = Path(__file__).resolve().parents[3]

# What is made of marts and published by none: whom a play is for, and the rules of audiences.
LAYERS = {"staging": 0, "entities": 1, "intermediate": 2, "marts": 3, "activation": 3}
PREFIXES = {
    "staging": ("stg_",),
    "entities": ("int_", "quarantine"),
    "intermediate": ("int_",),
    "activation": ("int_", "audience_"),
    "marts": (),
}
MAX_LINES = 120
# What came earlier is found by one sort of all that happened, not by a join of everything with
# everything: two lists of columns and a window, of which half would be no whole deed. What is
# recommended, forecast and priced is such a deed more often than not. They were 75 and 30.
P90_LINES = 96
MEDIAN_LINES = 36
MAX_PARENTS = 7
# What brings together all of something has as many parents as there are.
MAY_HAVE_MORE_PARENTS = {
    "int_settled_rows": "it counts the rows of every entity",
    "int_delivery_quality": "it counts the rows of every entity",
    "quarantine": "it holds the refused rows of every entity",
    "customer_360": "it holds what every mart says of a customer",
    "reconciliation": "it counts the rows of every mart that holds what was delivered",
    "audience_members": "it holds the people of every audience",
}

# A model decides something when its SQL, or a macro that it calls, chooses, ranks or infers.
DECIDES = re.compile(r"\bcase\b|percent_rank|deduplicated|\banti join\b|\b(least|greatest)\(")
# Folders in which every model is a rule, also one that decides by its joins and filters.
FOLDERS_OF_RULES = {"causes"}
# What decides nothing of its own, or is proved elsewhere.
EXEMPT_FROM_UNIT_TESTS = {
    "int_settled_rows": "its one case only blanks the reason of rows that are not quarantined",
}
JINJA = r"{#.*?#}|{%.*?%}|{{.*?}}"
OUTCOME = re.compile(r"\b(?:then|else)\s+'([^']+)'")
DECIDED_COLUMN = re.compile(r"\bend\s+as\s+(\w+)")

# A macro that one place uses hides what would be read there, but for these.
MAY_BE_USED_ONCE = {
    "generate_schema_name": "dbt calls it",
    "record_build": "it runs before anything is built",
    **dict.fromkeys(["begin_keeping", "end_keeping"], "what is kept of nodes is read in one file"),
    "write_months": "how some months of a table are made stands in one file",
    "within_what_differs": "how some months of a table are asked stands in one file",
    "identity_blocking_rules": "what accounts are compared stands beside how they are",
    "term_weight": "the weights of evidence are read side by side in one file",
    "prior_weight": "the weights of evidence are read side by side in one file",
    "audience_terms": "what the file of an audience may declare is checked in one place",
    "fraction": "what a variable may be is checked outside models, as whole_number does",
    "rfm_cut_parts": "it is half of a cut, and stands beside the other half",
    "normalise_name": "how names are typed belongs to the forms of text",
    "has_lookalikes": "what a letter is in any alphabet belongs to the forms of text",
    "plain_pinyin": "how pinyin is typed belongs to the forms of text",
    "student_log": "the steps of Student's distribution stand in one file, with their source",
    "student_of": "the steps of Student's distribution stand in one file, with their source",
    "sequential_reach": "how far intervals reach stands in one file",
}

PERSONAL = re.compile(
    r"phone|mobile|e_?mail|full_name|nick_name|address$|birth|union_id|member_num"
)


def layer(model: dict) -> str:
    return model["fqn"][1]


def is_promised(model: dict) -> bool:
    """Marts are promised to readers, and what is delivered of an entity to staging."""
    return layer(model) == "marts" or bool(re.fullmatch(r"int_\w+_delivered", model["name"]))


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


def test_what_a_row_of_staging_says_depends_on_its_own_batch_alone(models: list[dict]) -> None:
    """What is kept of a batch is not computed again when another comes. Windows are partitioned by
    it; nothing is put together from rows, or left out."""
    across = re.compile(r"\b(group by|distinct|limit|join|in \(select|exists)\b")
    windows = re.compile(r"\b(?:over|window \w+ as)\s*\(\s*(.{0,19})")
    found = {}
    for model in models:
        if model["config"]["materialized"] == "kept_by_batch":
            wrong = [each for each in windows.findall(model["raw_code"]) if "by _batch" not in each]
            wrong += across.findall(re.sub(r"--.*|[{][{%#].*?[}%#][}]", "", model["raw_code"]))
            if wrong:
                found[model["name"]] = f"has {', '.join(wrong)}"
    assert not found, breaches(found)


def test_of_the_place_among_deliveries_readers_ask_only_whether_there_is_one(
    manifest: dict, models: list[dict]
) -> None:
    """A table that says so is the same for its readers while nothing but these places changes."""
    of_place = {
        model["unique_id"]: model["config"]["meta"]["read_for_nulls"]
        for model in models
        if "read_for_nulls" in model["config"]["meta"]
    }
    assert of_place
    found = []
    for node in manifest["nodes"].values():
        for parent in of_place.keys() & set(node["depends_on"].get("nodes", [])):
            asked = rf"\b{of_place[parent]}\b(?! is (not )?null)"
            if re.search(asked, node.get("raw_code") or ""):
                found.append(f"{node['name']} asks {parent} for {of_place[parent]}")
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


def test_every_model_has_its_yaml_beside_it(models: list[dict]) -> None:
    """One of its own name; all models of an entity share that of the entity."""

    def expected(model: dict) -> Path:
        path = Path(model["original_file_path"])
        return path.with_name(
            f"{path.parent.name if layer(model) == 'entities' else path.stem}.yml"
        )

    found = [
        model["original_file_path"]
        for model in models
        if model["patch_path"] != f"regulars://{expected(model)}"
    ]
    assert not found, breaches(found)


def test_every_description_ends_with_the_grain(models: list[dict]) -> None:
    found = {
        model["name"]: model["description"].strip()
        for model in models
        if not re.search(r"One row( per [^.]+)?\.$", model["description"].strip())
    }
    assert not found, breaches(found)


def test_every_promised_column_is_described(models: list[dict]) -> None:
    found = [
        f"{model['name']}.{name}"
        for model in models
        if is_promised(model)
        for name, column in model["columns"].items()
        if not column["description"].strip().endswith(".")
    ]
    assert not found, breaches(found)


def test_every_table_has_one_audit_with_its_key(manifest: dict, models: list[dict]) -> None:
    """Views rename, filter or union rows whose key is proved in the table made of them; so do rules
    of audiences, which are part of it, and what is kept of staging, which the entity proves."""
    nodes = manifest["nodes"].values()
    audits: dict[str, list[dict]] = {}
    for node in nodes:
        if node["resource_type"] == "test" and node.get("test_metadata"):
            audits.setdefault(node["attached_node"], []).append(node)
    found = {}
    for table in [*models, *(node for node in nodes if node["resource_type"] == "seed")]:
        tests = audits.get(table["unique_id"], [])
        names = [test["name"] for test in tests]
        expected = [f"audit_{table['name']}"]
        if names != expected and (
            names or table["config"]["materialized"] not in ("view", "ephemeral", "kept_by_batch")
        ):
            found[table["name"]] = f"has {names or 'no audit'} in place of {expected}"
        elif any(not test["test_metadata"]["kwargs"].get("key") for test in tests):
            found[table["name"]] = "has an audit without a key"
    assert not found, breaches(found)


def test_no_audit_asks_twice(manifest: dict) -> None:
    """A key is never null as it is, and a value among accepted ones that must be there is both."""
    found = {}
    for node in manifest["nodes"].values():
        asked = (node.get("test_metadata") or {}).get("kwargs", {})
        rules = asked.get("rules", {})
        twice = {*asked.get("key", ())} & {*asked.get("not_null", ())}
        twice |= {name for name in rules if list(rules.values()).count(rules[name]) > 1}
        if twice:
            found[node["name"]] = f"asks twice of {', '.join(sorted(twice))}"
    assert not found, breaches(found)


def test_every_model_has_an_owner(models: list[dict]) -> None:
    found = [model["name"] for model in models if not model["config"]["meta"].get("owner")]
    assert not found, breaches(found)


def test_contracts_are_enforced_where_promises_are_made(models: list[dict]) -> None:
    found = [
        model["name"]
        for model in models
        if model["config"]["contract"]["enforced"] != is_promised(model)
    ]
    assert not found, breaches(found)


def test_staging_states_no_types(models: list[dict]) -> None:
    """The contract of the entity has them, and the union asks for them."""
    found = [
        f"{model['name']}.{name}"
        for model in models
        if layer(model) == "staging"
        for name, column in model["columns"].items()
        if column["data_type"]
    ]
    assert not found, breaches(found)


def test_every_rule_is_tried_on_the_cases_that_matter(manifest: dict, models: list[dict]) -> None:
    """Counted is what the unit tests of a model expect to see, so that no test is written for a
    number: every outcome that its SQL names, and two values of every column that it decides. Where
    it names none, two tests say what it makes and where it stops."""
    found = {}
    for model in models:
        sql = re.sub(r"--[^\n]*", "", model["raw_code"])
        is_rule = DECIDES.search(sql) or model["fqn"][2] in FOLDERS_OF_RULES
        if layer(model) == "staging" or not is_rule or model["name"] in EXEMPT_FROM_UNIT_TESTS:
            continue
        tests = [test for test in manifest["unit_tests"].values() if test["model"] == model["name"]]
        if unseen := "; ".join(_unseen(model, re.sub(JINJA, "", sql, flags=re.DOTALL), tests)):
            found[model["name"]] = unseen
    assert not found, breaches(found)


def _unseen(model: dict, sql: str, tests: list[dict]) -> Iterator[str]:
    """What a rule decides, and no expectation of its unit tests shows."""
    expected = [test["expect"]["rows"] or [] for test in tests]
    rows = [row for rows in expected if not isinstance(rows, str) for row in rows]
    queries = [rows for rows in expected if isinstance(rows, str)]
    if not rows and not queries:
        yield "no unit test expects a row"
        return
    shown = " ".join(
        [*queries, *(str(shown) for row in rows for pair in row.items() for shown in pair)]
    )
    for outcome in sorted(set(OUTCOME.findall(sql))):
        if outcome not in shown:
            yield f"no unit test expects {outcome}"
    # Which values of a column a query expects only a database can tell.
    decided = set() if queries else set(DECIDED_COLUMN.findall(sql))
    for column in sorted(decided & ({*model["columns"]} | {name for row in rows for name in row})):
        if len({str(row.get(column)) for row in rows}) < 2:
            yield f"unit tests show one value of {column}"
    if not decided and len([test for test in tests if any(map(_rows, test["given"]))]) < 2:
        yield "one unit test alone"


def _rows(given: dict) -> list[dict]:
    return given["rows"] or []


def test_no_number_of_empty_unit_tests_tries_a_rule() -> None:
    sql = "select case when days > 90 then 'lost' else 'active' end as state from t"

    def expecting(*states: str) -> dict:
        rows = [{"state": state} for state in states]
        return {"given": [{"rows": rows}], "expect": {"rows": rows}}

    def unseen(*tests: dict, rule: str = sql) -> list[str]:
        return list(_unseen({"columns": {}}, rule, list(tests)))

    assert unseen(*[expecting()] * 3) == ["no unit test expects a row"]
    assert unseen(*[expecting("active")] * 3) == [
        "no unit test expects lost",
        "unit tests show one value of state",
    ]
    assert unseen(expecting("active", "lost")) == []
    assert unseen(expecting("x"), expecting(), rule="anti join t") == ["one unit test alone"]
    assert unseen(expecting("x"), expecting("y"), rule="anti join t") == []


def test_no_unit_test_expects_nothing_of_nothing(manifest: dict) -> None:
    """It can fail only where a model makes rows of nothing; its description then says how."""
    found = [
        f"{test['model']}: {test['name']}"
        for test in manifest["unit_tests"].values()
        if not test["expect"]["rows"]
        and not any(map(_rows, test["given"]))
        and not test["description"]
    ]
    assert not found, breaches(found)


def test_unit_tests_expect_the_same_columns_of_each_row(manifest: dict) -> None:
    """dbt's own unit tests fail on another number of columns, and ours take it for null."""
    found = [
        f"{test['model']}: {test['name']}"
        for test in manifest["unit_tests"].values()
        if test["expect"]["format"] == "dict"
        and len({frozenset(row) for row in _rows(test["expect"])}) > 1
    ]
    assert not found, breaches(found)


def test_models_stay_short_and_have_few_parents(models: list[dict]) -> None:
    found = {}
    for model in models:
        lines = len(model["raw_code"].splitlines())
        parents = len(set(model["depends_on"]["nodes"]))
        may_be_many = model["name"].endswith("_delivered") or model["name"] in MAY_HAVE_MORE_PARENTS
        if lines > MAX_LINES or (parents > MAX_PARENTS and not may_be_many):
            found[model["name"]] = f"{lines} lines, {parents} parents"
    assert not found, breaches(found)


def test_most_models_are_read_at_a_glance(models: list[dict]) -> None:
    lines = sorted(len(model["raw_code"].splitlines()) for model in models)
    assert lines[len(lines) // 2] <= MEDIAN_LINES
    assert lines[len(lines) * 9 // 10] <= P90_LINES


def test_a_macro_is_used_more_than_once_or_says_why() -> None:
    """Steps of a macro in its own file are for its reader; portable functions differ by engine."""
    texts = {
        path: re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
        for folder in ("models", "macros", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".sql", ".yml"}
    }
    called = {path: Counter(re.findall(r"\b(\w+)\(", text)) for path, text in texts.items()}
    used_once = set()
    for path in (ROOT / "macros").rglob("*.sql"):
        for name in re.findall(r"{% macro ((?!default__|spark__|duckdb__)\w+)", texts[path]):
            calls = {other: names[name] for other, names in called.items()}
            calls[path] -= 1
            is_step = calls[path] > 0
            if path.parent.name != "portable" and not is_step and sum(calls.values()) < 2:
                used_once.add(name)
    assert used_once == set(MAY_BE_USED_ONCE), breaches(sorted(used_once ^ set(MAY_BE_USED_ONCE)))


def test_the_marts_of_entities_are_reconciled(manifest: dict, models: list[dict]) -> None:
    """Where an entity's YAML names the mart of its rows, their number and money are compared."""
    [compared] = [model for model in models if model["name"] == "reconciliation"]
    read = {node.split(".")[-1] for node in compared["depends_on"]["nodes"]}
    named = {model["config"]["meta"].get("mart") for model in models if layer(model) == "entities"}
    assert named - {None} == read - {"int_settled_rows"}


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


def test_months_of_a_mart_are_those_of_a_column_of_dates(models: list[dict]) -> None:
    of_months = [
        model
        for model in models
        if layer(model) == "marts" and "month_of" in model["config"]["meta"]
    ]
    kinds = {
        model["name"]: model["columns"][model["config"]["meta"]["month_of"]]["data_type"]
        for model in of_months
    }
    assert {"orders", "order_lines"} < kinds.keys() and set(kinds.values()) == {"date"}


def test_marts_hold_no_contact_data(models: list[dict]) -> None:
    found = [
        f"{model['name']}.{column}"
        for model in models
        if layer(model) == "marts"
        for column in model["columns"]
        if PERSONAL.search(column)
    ]
    assert not found, breaches(found)


def test_every_column_with_a_personal_name_is_declared(manifest: dict) -> None:
    """Of every feed, contract and mart, whichever sources are in use."""
    declarations = Declarations.of(manifest)
    columns = [
        (node["schema"], node.get("identifier") or node["alias"], name)
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        for name in node["columns"]
        if not name.endswith(("_count", "_share", "_days"))
    ]
    assert len(columns) > 1000
    found = [str(each) for each in by_name(columns, declarations)]
    assert not found, breaches(found)


def test_no_number_of_a_mart_is_personal_by_its_name_alone(manifest: dict) -> None:
    """What a column elsewhere holds of persons under the same name would hide figures from roles:
    a number that is a person's says so itself."""
    declarations = Declarations.of(manifest)
    numbers = [
        (node["schema"], node["alias"], name)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
        for name, column in node["columns"].items()
        if (column.get("data_type") or "string").partition("(")[0]
        in ("bigint", "double", "decimal", "boolean")
    ]
    assert len(numbers) > 500
    found = [
        f"{table}.{name}: say `pii: none`, or what it is"
        for schema, table, name in numbers
        if declarations.kind(schema, table, name) not in (None, NONE)
        and (schema, table, name) not in declarations.own
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
