"""YAML that people write, as mappings and lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# Ten times as fast where libyaml is there.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What the file says; `ValueError` names the file and the line where it is no YAML."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), LOADER)
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not in UTF-8 (byte {error.start}): save it so.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "a character that YAML has not"
        raise ValueError(f"{path} is no YAML ({where}{problem}): correct it.") from None
