"""The command `regulars`. Exit codes: 0 done, 1 failed with the reasons listed, 75 try later.

Each module adds the commands of those who look for them there.
"""

from orchestration.cli import campaigns, machine, people, reading, refreshing, sources
from orchestration.cli.group import main

__all__ = ["campaigns", "machine", "main", "people", "reading", "refreshing", "sources"]
