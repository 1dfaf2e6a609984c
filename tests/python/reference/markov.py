"""Removal effects of a first-order Markov chain over channels (Anderl et al. 2016), in fractions.

A path begins at START, goes through its channels and ends at BOUGHT or LEFT. The removal effect of
a channel is the share of purchases that is lost when all who would come to it leave instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

START, BOUGHT, LEFT = "(start)", "(bought)", "(left)"
Graph = dict[str, dict[str, Fraction]]


def removal_effects(paths: list[tuple[list[str], bool]]) -> dict[str, float]:
    """Of each channel, from 0 to 1; each path is its channels in order and whether it ended in a
    purchase. Nobody bought: nothing can be lost, and every effect is 0."""
    graph = transitions(paths)
    whole = chance(graph)
    return {
        channel: float(1 - chance(without(graph, channel)) / whole) if whole else 0.0
        for channel in sorted(graph.keys() - {START})
    }


def transitions(paths: list[tuple[list[str], bool]]) -> Graph:
    """With which probability each state is followed by each other one."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for channels, bought in paths:
        steps = [START, *channels, BOUGHT if bought else LEFT]
        for state, following in zip(steps, steps[1:], strict=False):
            counts[state][following] += 1
    return {
        state: {next_: Fraction(count, following.total()) for next_, count in following.items()}
        for state, following in counts.items()
    }


def without(graph: Graph, channel: str) -> Graph:
    """The graph in which who would come to the channel leaves."""
    return {
        state: _redirected(following, channel, {LEFT: Fraction(1)})
        for state, following in graph.items()
        if state != channel
    }


def chance(graph: Graph) -> Fraction:
    """The probability of a purchase from the start.

    As one does it on paper: one state after the other is rubbed out, and each arrow that led to it
    is led on to where its own arrows point, until only the ends are left.
    """
    for state in list(graph.keys() - {START}):
        leaving = {next_: share for next_, share in graph[state].items() if next_ != state}
        away = sum(leaving.values())
        onward = {next_: share / away for next_, share in leaving.items()}
        graph = {
            other: _redirected(following, state, onward)
            for other, following in graph.items()
            if other != state
        }
    return graph.get(START, {}).get(BOUGHT, Fraction(0))


def _redirected(
    following: dict[str, Fraction], state: str, onward: dict[str, Fraction]
) -> dict[str, Fraction]:
    """Arrows of which the one to a state is split up among others."""
    kept = Counter({next_: share for next_, share in following.items() if next_ != state})
    for next_, share in onward.items():
        kept[next_] += following.get(state, Fraction(0)) * share
    return {next_: share for next_, share in kept.items() if share}
