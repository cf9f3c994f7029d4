"""What no training run sees, so that it can be asked for: styles of an action, and actions done together.

Both are closed under mirroring, which training uses: left and right are held out together.
"""

from __future__ import annotations

#: (content, style) whose clips are left out of training. The first three lines are not among the recordings at all.
HELD_OUT_STYLES: frozenset[tuple[str, str]] = frozenset(
    {
        ("walk", "youthful"),
        ("wave-both-hands", "exhausted"),
        ("walk-turn-left", "feminine"),
        ("walk-turn-right", "feminine"),
        ("run", "masculine"),
        ("raise-up-both-hands", "elderly"),
    }
)

#: (what the legs do, what the arms do) that is never composed for training, nor anything that looks the same: ``bye``
#: is a wave of the right hand.
HELD_OUT_MIXTURES: frozenset[tuple[str, str]] = frozenset(
    {
        ("run", "wave-left-hand"),
        ("run", "wave-right-hand"),
        ("walk", "raise-up-both-hands"),
        ("walk-back", "wave-both-hands"),
        ("walk-turn-left", "raise-up-left-hand"),
        ("walk-turn-right", "raise-up-right-hand"),
        ("walk-turn-left", "wave-both-hands"),
        ("walk-turn-right", "wave-both-hands"),
        ("walk", "byebye"),
        ("run", "raise-up-left-hand"),
        ("run", "raise-up-right-hand"),
        ("walk-left", "wave-left-hand"),
        ("walk-right", "wave-right-hand"),
    }
)
