"""The record of how a clip was made, as text: the same words in every format that can keep them."""

from __future__ import annotations

import json
from typing import Any


def to_text(provenance: dict[str, Any] | None) -> str:
    """JSON on one line, keys sorted, so that equal records give equal bytes."""
    return json.dumps(provenance or {}, sort_keys=True, ensure_ascii=False, separators=(", ", ": "))


def from_text(text: str) -> dict[str, Any] | None:
    """The record of such text, or None when it is empty or no JSON object."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and record else None
