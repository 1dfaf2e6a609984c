"""Why a line is quarantined: the codes are stable, and a seed labels them for readers."""

REASONS = {
    "unclosed_quote": "A quote is opened on this line and never closed in a way that fits.",
    "malformed_quote": "A closing quote is followed by something else than a delimiter.",
    "wrong_field_count": "The record has more or fewer fields than the header.",
    "undecodable_text": "The line holds bytes or characters that are no text in its encoding.",
    "line_too_long": "The line is longer than 16 million characters; its beginning is kept.",
    "invalid_json": "The line is not one complete JSON object.",
    "ambiguous_key": "Two keys of the JSON object both name the same column.",
}


class Rejected(Exception):
    """A line that can't be a row; `reason` is a code of `REASONS`."""

    def __init__(self, reason: str):
        super().__init__(REASONS[reason])
        self.reason = reason


class Held(Exception):
    """A file that can't be landed; the message is one sentence that says what to do."""
