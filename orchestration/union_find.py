"""Connected components in memory: for proofs, and for what the report and `explain` show."""

from __future__ import annotations

from collections.abc import Iterable


def union_find(edges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each node of an edge, with the smallest node that is connected to it, however far away."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for left, right in edges:
        smaller, larger = sorted((root(left), root(right)))
        parent[larger] = smaller
    return {node: root(node) for node in parent}
