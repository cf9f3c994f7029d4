"""Captions made by templates from labels, in varied wording. Everything from here is marked as made by a template.

A phrase is a verb phrase with its verbs starred, ``*raise the left hand``; it is put into the forms people use in
prompts: "a person raises the left hand", "someone is raising the left hand", "raise the left hand".
"""

from __future__ import annotations

import random
import re
import zlib

#: Verb phrases for the contents of the Bandai-Namco set, checked against the movements (which hand, which way).
CONTENTS: dict[str, tuple[str, ...]] = {
    "bow": (
        "*bow", "*bow politely from the waist", "*take a bow", "*lean forward to bow",
        "*bend at the waist to greet someone", "*greet with a bow", "*lower the upper body in a bow",
        "*make a respectful bow",
    ),
    "bye": (
        "*wave goodbye with the right hand", "*say goodbye with one hand", "*wave farewell with one hand",
        "*give a goodbye wave", "*lift the right hand and *wave goodbye",
        "*wave goodbye to someone with a single hand", "*bid farewell with a wave of the right hand",
    ),
    "byebye": (
        "*wave bye-bye with both hands", "*say bye-bye waving both hands", "*wave bye-bye with both arms in the air",
        "*hold up both hands and *wave bye-bye", "*wave a big bye-bye with two hands",
        "*wave farewell with both hands",
    ),
    "call": (
        "*call someone over", "*beckon someone", "*signal someone to come over", "*call out to somebody",
        "*gesture to someone to come here", "*call somebody from afar",
    ),
    "dance-short": (
        "*dance", "*do a short dance", "*perform a dance routine", "*dance to music", "*move to the beat",
        "*dance energetically",
    ),
    "dance-long": ("*dance", "*do a long dance", "*perform a dance routine", "*dance to music", "*keep dancing"),
    "dash": (
        "*dash forward", "*sprint ahead", "*sprint as fast as possible", "*rush forward at top speed",
        "*dash away quickly", "*race forward", "*make a fast dash forward", "*bolt forward",
    ),
    "guide": (
        "*show the way with the right hand", "*gesture with the right hand to show the way",
        "*guide someone with a hand gesture", "*direct someone with an open hand", "*point out the way",
        "*invite someone to go ahead with a gesture",
    ),
    "kick": (
        "*kick", "*do a spinning kick", "*kick with the right leg", "*throw kicks", "*perform martial arts kicks",
        "*practice kicking",
    ),
    "punch": (
        "*punch", "*throw punches", "*box", "*strike with the fists", "*punch the air", "*jab and *punch",
    ),
    "raise-up-both-hands": (
        "*raise both hands", "*lift both arms", "*put both hands up", "*raise both arms above the head",
        "*put their hands up in the air", "*throw both arms up", "*hold both hands up high",
        "*lift the two hands overhead", "*reach up with both arms", "*raise the left and the right hand together",
    ),
    "raise-up-left-hand": (
        "*raise the left hand", "*lift the left arm", "*put the left hand up", "*raise their left arm above the head",
        "*lift up their left arm", "*hold the left hand up high", "*put their left hand up in the air",
        "*reach up with the left hand", "*raise only the left hand", "*stretch the left arm upward",
    ),
    "raise-up-right-hand": (
        "*raise the right hand", "*lift the right arm", "*put the right hand up",
        "*raise their right arm above the head", "*lift up their right arm", "*hold the right hand up high",
        "*put their right hand up in the air", "*reach up with the right hand", "*raise only the right hand",
        "*stretch the right arm upward",
    ),
    "respond": (
        "*respond to someone", "*answer with a gesture", "*respond by lifting the left hand",
        "*answer a call by raising a hand", "*acknowledge someone with the left hand", "*react to being called",
    ),
    "run": (
        "*run", "*run forward", "*jog forward", "*jog", "*run straight ahead", "*go for a run",
        "*run along at a steady pace", "*move forward at a run", "*keep running forward", "*run in a straight line",
    ),
    "slash": (
        "*slash with a sword", "*swing a sword", "*slash through the air", "*cut down with a sword",
        "*strike with a blade", "*make sword slashes",
    ),
    "walk": (
        "*walk", "*walk forward", "*walk straight ahead", "*stroll forward", "*take steps forward",
        "*go forward on foot", "*walk in a straight line", "*keep walking forward", "*move forward at a walk",
        "*walk along",
    ),
    "walk-back": (
        "*walk backward", "*walk backwards", "*step back", "*move backward", "*back up slowly",
        "*take several steps backwards", "*walk in reverse", "*retreat walking backward",
    ),
    "walk-left": (
        "*walk to the left", "*walk diagonally to the left", "*walk forward drifting to the left",
        "*move off to the left", "*step toward the left while walking", "*veer left while walking without turning",
    ),
    "walk-right": (
        "*walk to the right", "*walk diagonally to the right", "*walk forward drifting to the right",
        "*move off to the right", "*step toward the right while walking", "*veer right while walking without turning",
    ),
    "walk-turn-left": (
        "*walk and *turn left", "*turn left while walking", "*walk forward, then *turn to the left",
        "*make a left turn while walking", "*walk around a corner to the left", "*walk ahead and *take a left turn",
        "*walk and *change direction to the left", "*walk forward and *turn ninety degrees to the left",
    ),
    "walk-turn-right": (
        "*walk and *turn right", "*turn right while walking", "*walk forward, then *turn to the right",
        "*make a right turn while walking", "*walk around a corner to the right", "*walk ahead and *take a right turn",
        "*walk and *change direction to the right", "*walk forward and *turn ninety degrees to the right",
    ),
    "wave-both-hands": (
        "*wave both hands", "*wave with both arms", "*wave both arms above the head", "*wave with two hands",
        "*swing both raised hands from side to side", "*hold up both arms and *wave them",
        "*wave the left and the right hand together", "*greet with a wave of both hands",
    ),
    "wave-left-hand": (
        "*wave the left hand", "*wave with the left arm", "*wave hello with the left hand",
        "*raise the left hand and *wave it", "*swing the raised left hand from side to side",
        "*greet someone by waving the left hand", "*wave their left arm", "*wave using only the left hand",
    ),
    "wave-right-hand": (
        "*wave the right hand", "*wave with the right arm", "*wave hello with the right hand",
        "*raise the right hand and *wave it", "*swing the raised right hand from side to side",
        "*greet someone by waving the right hand", "*wave their right arm", "*wave using only the right hand",
    ),
}  # fmt: skip

#: How a style is said, put behind the phrase; a neutral performance needs no words.
STYLES: dict[str, tuple[str, ...]] = {
    "active": ("energetically", "actively", "with a lot of energy", "in a lively way"),
    "angry": ("angrily", "in an angry mood", "with anger", "furiously"),
    "childish": ("like a child", "childishly", "playfully, like a kid"),
    "chimpira": ("like a thug", "like a street punk", "with a swagger"),
    "elderly": ("like an old person", "like an elderly person", "slowly, with old age"),
    "exhausted": ("while exhausted", "as if worn out", "with no energy left", "tiredly"),
    "feminine": ("in a feminine way", "gracefully, like a woman", "in a feminine manner"),
    "giant": ("like a giant", "heavily, like a giant", "with heavy movements"),
    "happy": ("happily", "in a happy mood", "cheerfully", "with joy"),
    "masculine": ("in a masculine way", "in a manly way", "in a masculine manner"),
    "masculinity": ("in a masculine way", "in a manly way", "in a masculine manner"),
    "musical": ("as if in a musical", "theatrically", "like a stage performer"),
    "normal": ("", "", "", "normally", "casually"),
    "not-confident": ("without confidence", "timidly", "shyly", "hesitantly"),
    "old": ("like an old person", "like an elderly person", "slowly, with old age"),
    "proud": ("proudly", "with pride", "with the chest out"),
    "sad": ("sadly", "in a sad mood", "dejectedly"),
    "tired": ("while tired", "wearily", "tiredly"),
    "youthful": ("youthfully", "like a young person", "with youthful energy"),
}

#: Verb phrases for HDM05's classes; the first one names the class most plainly.
HDM05: dict[str, tuple[str, ...]] = {
    "depositFloorR": (
        "*put something down on the floor with the right hand", "*bend down and *place an object on the floor",
        "*set an object on the ground with the right hand", "*stoop to lay something on the floor",
        "*deposit something on the floor",
    ),
    "elbowToKnee1RepsLelbowStart": (
        "*bring the elbows to the opposite knees, starting with the left elbow",
        "*touch the left elbow to the right knee and then the other way round", "*do standing elbow-to-knee exercises",
        "*lift the knees to the elbows in turn", "*exercise by touching elbow to knee",
    ),
    "grabHighR": (
        "*reach up and *grab something high with the right hand", "*grab something from above with the right hand",
        "*take an object from a high shelf with the right hand", "*stretch up high to get something",
        "*reach high with the right arm and *grab",
    ),
    "hopBothLegs1hops": (
        "*hop once with both legs", "*hop forward on both feet", "*make a small jump with both feet together",
        "*jump with both legs", "*hop",
    ),
    "jogLeftCircle4StepsRstart": (
        "*jog in a circle to the left", "*jog along a left curve", "*run slowly in a circle to the left",
        "*jog counterclockwise", "*jog a few steps curving left",
    ),
    "kickLFront1Reps": (
        "*kick forward with the left leg", "*do a front kick with the left foot",
        "*kick to the front with the left foot", "*kick something ahead with the left leg",
        "*swing the left leg up in a front kick",
    ),
    "lieDownFloor": (
        "*lie down on the floor", "*get down and *lie on the ground", "*go from standing to lying on the floor",
        "*lower themselves to the floor and *lie down", "*lie down",
    ),
    "rotateArmsBothBackward1Reps": (
        "*rotate both arms backward", "*swing both arms backwards in circles",
        "*make backward arm circles with both arms", "*circle both arms backwards",
        "*warm up the shoulders with backward arm circles",
    ),
    "sneak2StepsLStart": (
        "*sneak forward", "*sneak along on tiptoe", "*creep forward quietly", "*tiptoe forward stealthily",
        "*take sneaky steps",
    ),
    "squat1Reps": (
        "*do a squat", "*squat down and *stand up again", "*bend the knees into a squat", "*squat once",
        "*perform a squat exercise", "*crouch down and *rise again",
    ),
    "throwBasketball": (
        "*throw a basketball", "*shoot a basketball", "*throw a ball with both hands", "*take a basketball shot",
        "*throw a ball at a hoop",
    ),
}  # fmt: skip

SUBJECTS = ("a person", "someone", "a person", "the person", "somebody", "a figure", "the character", "a human")
_DOUBLED = {"run", "step", "jog", "hop", "jab", "squat", "cut", "put", "set", "get", "bid", "spin", "stop"}
_VERB = re.compile(r"\*(\w+)")


def third_person(verb: str) -> str:
    """``waves`` from ``wave``."""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def progressive(verb: str) -> str:
    """``waving`` from ``wave``."""
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + "ing"


def sentence(phrase: str, form: str, subject: str = "a person") -> str:
    """A starred phrase as a sentence.

    Args:
        phrase: such as ``*walk and *turn left``.
        form: ``plain`` (a person walks), ``progressive`` (a person is walking), ``order`` (walk), ``gerund`` (walking).
        subject: who does it.
    """
    if form == "order":
        return _VERB.sub(r"\1", phrase).replace("their ", "your ").replace("themselves", "yourself")
    if form == "plain":
        return f"{subject} {_VERB.sub(lambda m: third_person(m[1]), phrase)}"
    acting = _VERB.sub(lambda m: progressive(m[1]), phrase)
    return acting if form == "gerund" else f"{subject} is {acting}"


def paraphrases(phrases: tuple[str, ...], styles: tuple[str, ...], key: str, count: int) -> list[str]:
    """``count`` different sentences, the same ones for the same ``key`` on every machine."""
    chooser = random.Random(zlib.crc32(key.encode()))
    chosen: list[str] = []
    order = chooser.sample(phrases, len(phrases))
    forms = ("plain", "progressive", "plain", "order", "plain", "gerund")
    for i in range(count * 3):
        text = sentence(order[i % len(order)], forms[i % len(forms)], chooser.choice(SUBJECTS))
        style = chooser.choice(styles)
        text = f"{text} {style}".strip() if chooser.random() < 0.7 else text
        if text not in chosen:
            chosen.append(text)
        if len(chosen) == count:
            break
    return chosen


def content_paraphrases(content: str, style: str, key: str, count: int = 8) -> list[str]:
    """Sentences for a Bandai-Namco clip in other words than its labels; none for a content not in ``CONTENTS``."""
    if content not in CONTENTS:
        return []
    return paraphrases(CONTENTS[content], STYLES.get(style, ("",)), key, count)


def bandai_captions(content: str, style: str) -> list[str]:
    """Plain sentences from the labels in a Bandai-Namco file name, for files that come without captions."""
    phrase = CONTENTS.get(content, (f"*perform the action {content.replace('-', ' ')}",))[0]
    text = sentence(phrase, "plain")
    return [f"{text} {STYLES.get(style, (style,))[0]}".strip() + ".", f"{text}."]


def hdm05_captions(content: str) -> list[str]:
    """Sentences for an HDM05 class, every phrase in three forms; a class not in ``HDM05`` gives its name in words."""
    plain = re.sub(r"\d+(Reps|Steps|hops)", "", content)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain).lower()
    phrases = HDM05.get(content, (f"*perform the action {words}",))
    return [
        sentence(phrase, form, SUBJECTS[(i + j) % len(SUBJECTS)])
        for i, phrase in enumerate(phrases)
        for j, form in enumerate(("plain", "progressive", "order"))
    ]
