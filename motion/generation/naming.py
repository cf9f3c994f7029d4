"""What a taught word may be called, and where a prompt says it."""

from __future__ import annotations

import re
from functools import lru_cache

from motion.core.errors import BadInput

#: What a word may be called; ``-`` and ``_`` may be said as a blank.
NAME = re.compile(r"[a-z][a-z0-9_-]{1,31}")

_PLAIN = """
an the and or of to in on at by for with while then as is are it its his her their he she they you we this that one two
both person people man woman human figure character actor someone somebody boy girl guy kid does do doing performs
perform makes make left right forward forwards backward backwards back front up down slow slowly fast quickly arm arms
leg legs hand hands foot feet head body
"""

#: Words that prompts cannot do without; none of them can be taught.
PLAIN = frozenset(_PLAIN.split())


def checked_name(name: str) -> str:
    """The name in lower case, blanks as ``-``; raises ``BadInput`` where no word can be called that."""
    low = "-".join(name.lower().split())
    if not NAME.fullmatch(low):
        raise BadInput(
            "a word must have 2 to 32 letters, digits, - or _ and begin with a letter, such as my-kick; "
            f"got {name!r:.60}"
        )
    if low in PLAIN:
        raise BadInput(f"the word {low!r} is needed for other prompts; choose another name, such as my-{low}")
    return low


@lru_cache(maxsize=256)
def said(name: str) -> re.Pattern[str]:
    """Finds the name or a form of it: ``cartwheels`` or ``cartwheeling`` for ``cartwheel``."""
    spoken = re.sub(r"[-_]", r"[-_\\s]", name)
    return re.compile(rf"(?<![\w-]){spoken}(?:s|es|ed|d|ing)?(?![\w-])", re.IGNORECASE)
