"""The prompts by which a model is judged: each content of the labelled data in the labels' words and in others.

``PARAPHRASES`` are what somebody might type who never saw the labels; none of them is a training caption (tested).
"""

from __future__ import annotations

#: The contents in the words of their labels.
LABEL_PROMPTS: dict[str, str] = {
    "bow": "a person bows.",
    "bye": "a person waves goodbye.",
    "byebye": "a person waves bye-bye.",
    "call": "a person calls somebody over.",
    "dance-short": "a person performs a short dance.",
    "dash": "a person dashes forward at full speed.",
    "guide": "a person gestures to show the way.",
    "kick": "a person kicks.",
    "punch": "a person punches.",
    "raise-up-both-hands": "a person raises both hands.",
    "raise-up-left-hand": "a person raises the left hand.",
    "raise-up-right-hand": "a person raises the right hand.",
    "respond": "a person responds to somebody.",
    "run": "a person runs forward.",
    "slash": "a person slashes with a sword.",
    "walk": "a person walks forward.",
    "walk-back": "a person walks backward.",
    "walk-left": "a person walks sideways to the left.",
    "walk-right": "a person walks sideways to the right.",
    "walk-turn-left": "a person walks forward and turns left.",
    "walk-turn-right": "a person walks forward and turns right.",
    "wave-both-hands": "a person waves with both hands.",
    "wave-left-hand": "a person waves with the left hand.",
    "wave-right-hand": "a person waves with the right hand.",
}

#: The contents in other words.
PARAPHRASES: dict[str, str] = {
    "bow": "an actor bows to the audience",
    "bye": "a man says farewell to a friend, waving one hand",
    "byebye": "a girl waves bye bye with both of her arms",
    "call": "a man motions for someone to come over here",
    "dance-short": "she shows off some dance moves",
    "dash": "he takes off and sprints flat out",
    "guide": "a receptionist shows a visitor where to go with one arm",
    "kick": "a fighter does a few kicks with the leg",
    "punch": "a boxer throws a couple of punches",
    "raise-up-both-hands": "he puts both of his arms up in the air",
    "raise-up-left-hand": "a student sticks up the left hand to ask a question",
    "raise-up-right-hand": "a student sticks up the right hand to ask a question",
    "respond": "a man reacts with a gesture when someone speaks to him",
    "run": "a man is out jogging",
    "slash": "a warrior cuts with his blade",
    "walk": "somebody is out for a walk at a normal pace",
    "walk-back": "a man backs away from us without turning around",
    "walk-left": "he walks over towards the left side, still facing ahead",
    "walk-right": "he walks over towards the right side, still facing ahead",
    "walk-turn-left": "he walks a few steps, then takes a left turn",
    "walk-turn-right": "he walks a few steps, then takes a right turn",
    "wave-both-hands": "a fan waves both arms at the crowd",
    "wave-left-hand": "a woman waves hello using her left hand",
    "wave-right-hand": "a woman waves hello using her right hand",
}

#: Contents whose variety over seeds is measured.
VARIED = ("walk", "run", "walk-turn-left", "raise-up-right-hand", "wave-left-hand")
