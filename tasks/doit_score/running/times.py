"""Times as users write them for logs: so long ago, or a moment, as Docker takes both."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from doit_score.text.errors import ScoreError
from doit_score.text.light import NamedTuple

_PERIOD = re.compile(r"(?=.)(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?")
_FRACTION = re.compile(r"\.(\d{1,6})\d*")


class Time(NamedTuple):
    """One of the two: ``ago`` as Go writes a duration (``1h30m``), ``moment`` as of RFC 3339."""

    ago: str = ""
    moment: str = ""

    @property
    def text(self) -> str:
        """What Docker takes."""
        return self.ago or self.moment


def read(option: str, text: str) -> Time:
    """What ``option`` says.  A moment without a zone is local.  ScoreError for what is neither."""
    if _PERIOD.fullmatch(text):
        return Time(ago=text)
    try:
        # Before 3.11 Python knows no Z, and fractions of six digits only.
        known = _FRACTION.sub(lambda found: f".{found[1]:0<6}", re.sub(r"[zZ]$", "+00:00", text))
        found = datetime.fromisoformat(known)
    except ValueError:
        raise ScoreError(
            f"{option}: expected a time such as 2026-11-29T06:00:00Z, or how long ago such as 42m, "
            f"found {text!r}"
        ) from None
    return Time(moment=found.astimezone(timezone.utc).isoformat().replace("+00:00", "Z"))
