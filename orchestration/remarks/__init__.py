"""What a refresh tells whoever ran it: what was refused and why, and what looks wrong all the same.

Sentences name files, lines, codes and currencies, and no other value: they go into logs, where no
personal data may stand.
"""

from orchestration.remarks.told import remarks, why_it_failed

__all__ = ["remarks", "why_it_failed"]
