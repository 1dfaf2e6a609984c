"""Why a line is quarantined: the codes are stable, and a seed labels them for readers."""

REASONS = {
    "unclosed_quote": "A quote is opened on this line and never closed in a way that fits.",
    "malformed_quote": "A closing quote is followed by something else than a delimiter.",
    "fused_records": "A quote joins lines that seem to be records by themselves.",
    "wrong_field_count": "The record has more or fewer fields than the header.",
    "undecodable_text": "The line holds bytes or characters that are no text in its encoding.",
    "line_too_long": "The line is longer than `line_characters`; its beginning is kept.",
    "cell_too_long": "A value is longer than `cell_characters`; the line's beginning is kept.",
    "invalid_json": "The line is not one complete JSON object.",
    "ambiguous_key": "A key of the JSON object comes twice, or two of them name the same column.",
    "too_many_keys": "The JSON object has more than `record_keys` keys.",
}


class Rejected(Exception):
    """Lines that can't be a row; `reason` is a code of `REASONS`.

    `lines` is how many lines are set aside together; what follows is read anew.
    """

    def __init__(self, reason: str, lines: int = 1):
        super().__init__(REASONS[reason])
        self.reason, self.lines = reason, lines


class Held(Exception):
    """A file that can't be landed; the message is one sentence that says what to do."""


def damaged(what: str, error: Exception) -> Held:
    """A file of which `what` can't be done, as "read as Parquet", since a library failed at it.

    Not the library's own words, which may quote the value at which it failed, and that be a
    person's.
    """
    return Held(f"it can't be {what} ({type(error).__name__}), ask the sender for it again")
