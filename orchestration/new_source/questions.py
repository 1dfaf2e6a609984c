"""What only a person can know: asked on the terminal, answered from a file, or taken as usual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches


@dataclass(frozen=True)
class Question:
    """`id` is what an answers file calls it; `is_right` tells an answer where `choices` can't."""

    id: str
    words: str
    default: str
    choices: tuple[str, ...] = ()
    examples: str = ""
    is_right: Callable[[str], bool] = bool

    def refusal(self, answer: str) -> str | None:
        """Why an answer can't be taken."""
        if self.choices and answer not in self.choices:
            return f"{self.id}: '{answer}' is none of {', '.join(self.choices)}."
        return None if self.is_right(answer) else f"{self.id}: '{answer}' can't be meant."


@dataclass
class Answers:
    """Answers `given` before, by id; `prompt` gets the rest from a person, None takes defaults."""

    given: Mapping[str, str] = field(default_factory=dict)
    prompt: Callable[[Question], str] | None = None
    asked: dict[str, str] = field(default_factory=dict)

    def to(self, question: Question) -> str:
        """The answer to a question; `ValueError` when one that was given can't be taken."""
        if question.id in self.given:
            answer = _text(self.given[question.id])
            if refusal := question.refusal(answer):
                raise ValueError(refusal)
        else:
            answer = self.prompt(question) if self.prompt else question.default
        self.asked[question.id] = answer
        return answer

    @property
    def assumed(self) -> dict[str, str]:
        """What was taken as usual, by id, since nobody was there to say it."""
        return {} if self.prompt else {e: a for e, a in self.asked.items() if e not in self.given}

    def is_yes(self, id_: str, words: str, default: bool, examples: str = "") -> bool:
        """The answer to a question of yes or no."""
        usual = "yes" if default else "no"
        return self.to(Question(id_, words, usual, ("yes", "no"), examples)) == "yes"

    def refuse_unknown(self) -> None:
        """Raises `ValueError` when something was answered that was never asked."""
        unknown = sorted(set(self.given) - set(self.asked))
        if unknown:
            raise ValueError(
                f"Nothing was asked of {', '.join(map(_meant(self.asked), unknown))}; "
                f"what was asked is {', '.join(self.asked) or 'nothing'}."
            )


def _text(answer: object) -> str:
    """YAML reads yes and no as booleans."""
    return ("yes" if answer else "no") if isinstance(answer, bool) else str(answer).strip()


def _meant(known: Iterable[str]) -> Callable[[str], str]:
    def shown(unknown: str) -> str:
        near = get_close_matches(unknown, list(known), 1)
        return f"{unknown} (is {near[0]} meant?)" if near else unknown

    return shown
