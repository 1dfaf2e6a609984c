"""The fits of a refresh: what was asked for, or at the first refresh what was never fitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orchestration.fit.names import FITTED, RETRAINED, VERSIONED
from orchestration.fit.retrain import fit, glance
from orchestration.fit.store import CURRENT, Store, TooFew, Version
from orchestration.progress import Phase, Progress
from orchestration.request import Request
from orchestration.warehouse import answer


def fit_models(request: Request, names: Iterable[str], progress: Progress) -> list[Version]:
    """Fits on the warehouse what `orchestration.fit.retrain` knows by these names.

    The next build scores with what is promoted. Of several, those are left out, and told, of which
    there is too little: a shop without a web site has nothing to learn the way to a purchase from.
    Raises `TooFew`, where there is too little for all, and `FileNotFoundError`, with what to do.
    """
    variables = request.project.variables(request.overrides)
    versions, refusals = [], []
    for name in names:
        progress(Phase(f"Fitting {name}", f"fit {name}"))
        try:
            versions += fit(request.project, variables, name)
        except TooFew as reason:
            refusals.append(str(reason))
    if refusals and not versions:
        raise TooFew("\n".join(refusals))
    for refusal in refusals:
        progress(refusal)
    return versions


def is_first(request: Request) -> bool:
    """Whether nothing but links has ever been fitted here, where there are models to fit."""
    return request.project.parameter_sources.exists() and not _known(request) - {"identity"}


def fit_first(request: Request, progress: Progress) -> list[Version]:
    """Fits what has never been fitted here; nothing where there is too little for it.

    Who is one person is fitted too, since nobody knows these customers yet; what they do is then
    fitted as they were linked before, and is a week later fitted again.
    """
    known = _known(request)
    try:
        return fit_models(request, (name for name in FITTED if name not in known), progress)
    except TooFew as reasons:
        progress(str(reasons))
        return []


def _known(request: Request) -> set[str]:
    """The models that were ever fitted here."""
    return {version.model for version in Store(request.project.parameters).versions()}


def never_fitted(request: Request) -> list[str]:
    """A sentence, where something was fitted here and other models never were, as after an update
    that brings them: they wait to be asked for, though there may be enough to learn from."""
    known = _known(request)
    if not known - {"identity"}:
        return []
    variables = request.project.variables(request.overrides)
    waiting = [
        name
        for name in RETRAINED
        if VERSIONED.get(name, name) not in {*known, None} and _may_learn(request, variables, name)
    ]
    if not waiting:
        return []
    return [
        f"Never fitted here, though there may be enough to learn from: {', '.join(waiting)}. "
        f"`regulars fit {' '.join(waiting)}`, and the next `regulars run` scores with it."
    ]


def _may_learn(request: Request, variables: Mapping[str, Any], name: str) -> bool:
    """Whether a glance at the number of rows does not tell that there is too little."""
    query, least = glance(variables, name)
    found = answer(request.project.warehouse, query)
    return bool(found) and found[0][0] >= least


def are_new(versions: Iterable[Version]) -> bool:
    """Whether the next build scores with other parameters than the one before."""
    return any(version.status == CURRENT for version in versions)


def outcome_of(version: Version) -> str:
    """What came of a fit, in a sentence or two."""
    outcome = "in use from now on" if version.status == CURRENT else "not used"
    return f"Parameters of {version.model}, version {version.version}, {outcome}. {version.reason}"
