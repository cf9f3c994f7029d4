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
        "*make a respectful bow", "*bow deeply", "*give a bow", "*bow down", "*bend forward politely",
        "*make a bow to show respect", "*bow their head and *bend the back", "*say hello with a bow",
        "*thank someone with a bow", "*bend over at the hips and *come back up",
    ),
    "bye": (
        "*wave goodbye with the right hand", "*say goodbye with one hand", "*wave farewell with one hand",
        "*give a goodbye wave", "*lift the right hand and *wave goodbye", "*wave goodbye to someone with a single hand",
        "*bid farewell with a wave of the right hand", "*wave goodbye", "*say goodbye", "*wave farewell",
        "*see someone off with a wave", "*part from someone with a wave of the hand",
        "*send someone off by waving one hand", "*do a goodbye wave with the right arm",
    ),
    "byebye": (
        "*wave bye-bye with both hands", "*say bye-bye waving both hands", "*wave bye-bye with both arms in the air",
        "*hold up both hands and *wave bye-bye", "*wave a big bye-bye with two hands", "*wave farewell with both hands",
        "*say bye-bye", "*wave bye-bye", "*wave bye bye using both arms", "*say bye bye with both hands up",
        "*wave both hands to say goodbye", "*do a two-handed goodbye wave", "*wave so long with both arms",
    ),
    "call": (
        "*call someone over", "*beckon someone", "*signal someone to come over", "*call out to somebody",
        "*gesture to someone to come here", "*call somebody from afar", "*call out", "*wave someone over",
        "*ask someone to come closer with a gesture", "*get someone's attention", "*make a come here gesture",
        "*summon somebody", "*shout for somebody", "*call a friend over",
    ),
    "dance-short": (
        "*dance", "*do a short dance", "*perform a dance routine", "*dance to music", "*move to the beat",
        "*dance energetically", "*do some dance steps", "*show a dance", "*dance around", "*dance a little",
        "*groove to the music", "*perform a dance on stage", "*dance happily", "*do a dance move",
    ),
    "dance-long": ("*dance", "*do a long dance", "*perform a dance routine", "*dance to music", "*keep dancing"),
    "dash": (
        "*dash forward", "*sprint ahead", "*sprint as fast as possible", "*rush forward at top speed",
        "*dash away quickly", "*race forward", "*make a fast dash forward", "*bolt forward", "*dash", "*sprint",
        "*sprint forward", "*run as fast as they can", "*run at full speed", "*run very fast",
        "*race ahead at full tilt", "*speed off", "*charge forward", "*rush ahead",
    ),
    "guide": (
        "*show the way with the right hand", "*gesture with the right hand to show the way",
        "*guide someone with a hand gesture", "*direct someone with an open hand", "*point out the way",
        "*invite someone to go ahead with a gesture", "*show the way", "*lead the way with a gesture", "*point the way",
        "*usher someone along", "*show someone where to go", "*give directions with the hand",
        "*indicate a direction with the right arm", "*guide visitors", "*gesture this way please",
    ),
    "kick": (
        "*kick", "*do a spinning kick", "*kick with the right leg", "*throw kicks", "*perform martial arts kicks",
        "*practice kicking", "*kick the air", "*perform a kick", "*do a high kick", "*do a roundhouse kick",
        "*kick an opponent", "*attack with kicks", "*kick hard", "*deliver a kick", "*train kicks",
    ),
    "punch": (
        "*punch", "*throw punches", "*box", "*strike with the fists", "*punch the air", "*jab and *punch",
        "*throw a punch", "*punch forward", "*hit with the fists", "*do some boxing", "*shadow box", "*punch someone",
        "*attack with punches", "*fight with the fists", "*throw a left and a right punch",
    ),
    "raise-up-both-hands": (
        "*raise both hands", "*lift both arms", "*put both hands up", "*raise both arms above the head",
        "*put their hands up in the air", "*throw both arms up", "*hold both hands up high",
        "*lift the two hands overhead", "*reach up with both arms", "*raise the left and the right hand together",
        "*raise both arms", "*lift up both hands", "*bring both hands up over the head", "*put their arms up",
        "*throw the hands in the air", "*stretch both arms up to the sky", "*raise the arms high",
        "*surrender with both hands up", "*hold up both hands", "*cheer with both arms raised",
    ),
    "raise-up-left-hand": (
        "*raise the left hand", "*lift the left arm", "*put the left hand up", "*raise their left arm above the head",
        "*lift up their left arm", "*hold the left hand up high", "*put their left hand up in the air",
        "*reach up with the left hand", "*raise only the left hand", "*stretch the left arm upward",
        "*raise the left arm", "*lift the left hand", "*raise a hand, the left one", "*put up their left hand",
        "*hold up the left hand", "*point the left arm to the sky", "*bring the left hand above the head",
        "*signal with the raised left hand", "*extend the left arm overhead",
    ),
    "raise-up-right-hand": (
        "*raise the right hand", "*lift the right arm", "*put the right hand up",
        "*raise their right arm above the head", "*lift up their right arm", "*hold the right hand up high",
        "*put their right hand up in the air", "*reach up with the right hand", "*raise only the right hand",
        "*stretch the right arm upward", "*raise the right arm", "*lift the right hand", "*raise a hand, the right one",
        "*put up their right hand", "*hold up the right hand", "*point the right arm to the sky",
        "*bring the right hand above the head", "*signal with the raised right hand", "*extend the right arm overhead",
    ),
    "respond": (
        "*respond to someone", "*answer with a gesture", "*respond by lifting the left hand",
        "*answer a call by raising a hand", "*acknowledge someone with the left hand", "*react to being called",
        "*respond", "*reply with a gesture", "*answer someone", "*react to someone", "*respond to a call",
        "*give an answer with the hand", "*reply to someone who calls",
    ),
    "run": (
        "*run", "*run forward", "*jog forward", "*jog", "*run straight ahead", "*go for a run",
        "*run along at a steady pace", "*move forward at a run", "*keep running forward", "*run in a straight line",
        "*jog ahead", "*jog along", "*run ahead", "*run down the street", "*run at a moderate pace", "*go running",
        "*run a few meters", "*jog at an easy pace", "*move at a running pace", "*run on",
    ),
    "slash": (
        "*slash with a sword", "*swing a sword", "*slash through the air", "*cut down with a sword",
        "*strike with a blade", "*make sword slashes", "*slash", "*attack with a sword", "*cut the air with a sword",
        "*slash an enemy", "*wield a sword", "*swing a blade from side to side", "*do sword strokes",
        "*fight with a sword", "*hack with a sword",
    ),
    "walk": (
        "*walk", "*walk forward", "*walk straight ahead", "*stroll forward", "*take steps forward",
        "*go forward on foot", "*walk in a straight line", "*keep walking forward", "*move forward at a walk",
        "*walk along", "*walk ahead", "*walk on", "*go for a walk", "*stroll", "*take a walk", "*walk down the street",
        "*walk at a normal speed", "*walk a few steps", "*step forward", "*travel on foot", "*march ahead",
        "*walk from one place to another", "*move ahead at walking pace",
    ),
    "walk-back": (
        "*walk backward", "*walk backwards", "*step back", "*move backward", "*back up slowly",
        "*take several steps backwards", "*walk in reverse", "*retreat walking backward", "*walk back", "*go backwards",
        "*take steps back", "*back away", "*move backwards on foot", "*pace backwards", "*walk rearward",
        "*step backwards carefully", "*retreat a few steps", "*go in reverse",
    ),
    "walk-left": (
        "*walk to the left", "*walk diagonally to the left", "*walk forward drifting to the left",
        "*move off to the left", "*step toward the left while walking", "*veer left while walking without turning",
        "*walk sideways to the left", "*sidestep to the left", "*step to the left", "*move sideways left",
        "*go left without turning", "*shift over to the left on foot",
        "*walk to the left side",
    ),
    "walk-right": (
        "*walk to the right", "*walk diagonally to the right", "*walk forward drifting to the right",
        "*move off to the right", "*step toward the right while walking", "*veer right while walking without turning",
        "*walk sideways to the right", "*sidestep to the right", "*step to the right", "*move sideways right",
        "*go right without turning", "*shift over to the right on foot",
        "*walk to the right side",
    ),
    "walk-turn-left": (
        "*walk and *turn left", "*turn left while walking", "*walk forward, then *turn to the left",
        "*make a left turn while walking", "*walk around a corner to the left", "*walk ahead and *take a left turn",
        "*walk and *change direction to the left", "*walk forward and *turn ninety degrees to the left", "*turn left",
        "*walk and *turn to the left", "*walk around to the left", "*go left at the corner",
        "*walk in a curve to the left", "*take a left while walking", "*walk a few steps and *turn left",
        "*head left after walking straight", "*round a corner to the left",
    ),
    "walk-turn-right": (
        "*walk and *turn right", "*turn right while walking", "*walk forward, then *turn to the right",
        "*make a right turn while walking", "*walk around a corner to the right", "*walk ahead and *take a right turn",
        "*walk and *change direction to the right", "*walk forward and *turn ninety degrees to the right",
        "*turn right", "*walk and *turn to the right", "*walk around to the right", "*go right at the corner",
        "*walk in a curve to the right", "*take a right while walking", "*walk a few steps and *turn right",
        "*head right after walking straight", "*round a corner to the right",
    ),
    "wave-both-hands": (
        "*wave both hands", "*wave with both arms", "*wave both arms above the head", "*wave with two hands",
        "*swing both raised hands from side to side", "*hold up both arms and *wave them",
        "*wave the left and the right hand together", "*greet with a wave of both hands", "*wave both arms",
        "*wave with both hands", "*wave two hands in the air", "*raise both hands and *wave them",
        "*greet the crowd waving both arms", "*wave both arms from side to side", "*give a big wave with both arms",
        "*wave wildly with both arms", "*signal by waving both arms",
    ),
    "wave-left-hand": (
        "*wave the left hand", "*wave with the left arm", "*wave hello with the left hand",
        "*raise the left hand and *wave it", "*swing the raised left hand from side to side",
        "*greet someone by waving the left hand", "*wave their left arm", "*wave using only the left hand",
        "*wave the left hand in the air", "*wave with the left hand", "*greet someone with the left hand",
        "*say hello with the left hand", "*raise their left hand and *wave", "*wave at a friend with the left arm",
        "*shake the raised left hand to greet", "*give a wave with the left hand",
    ),
    "wave-right-hand": (
        "*wave the right hand", "*wave with the right arm", "*wave hello with the right hand",
        "*raise the right hand and *wave it", "*swing the raised right hand from side to side",
        "*greet someone by waving the right hand", "*wave their right arm", "*wave using only the right hand",
        "*wave the right hand in the air", "*wave with the right hand", "*greet someone with the right hand",
        "*say hello with the right hand", "*raise their right hand and *wave", "*wave at a friend with the right arm",
        "*shake the raised right hand to greet", "*give a wave with the right hand",
    ),
}  # fmt: skip

#: How a style is said, put behind the phrase; a neutral performance needs no words.
STYLES: dict[str, tuple[str, ...]] = {
    "active": ("energetically", "actively", "with a lot of energy", "in a lively way", "full of energy"),
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

SUBJECTS = (
    "a person", "someone", "a person", "the person", "somebody", "a figure", "the character", "a human", "a man", "he",
    "a woman", "she", "an actor", "a guy", "the avatar",
)  # fmt: skip

#: Who does it, where the style is told by that.
STYLED_SUBJECTS: dict[str, tuple[str, ...]] = {
    "active": ("an energetic person", "a lively person"),
    "angry": ("an angry person", "a furious man"),
    "childish": ("a child", "a kid", "a little boy"),
    "chimpira": ("a thug", "a gangster"),
    "elderly": ("an old man", "an elderly person", "an old woman"),
    "exhausted": ("an exhausted person", "a worn out man"),
    "feminine": ("a woman", "a girl", "a lady"),
    "giant": ("a giant", "a huge giant"),
    "happy": ("a happy person", "a cheerful person"),
    "masculine": ("a man", "a strong man"),
    "masculinity": ("a man", "a strong man"),
    "musical": ("a musical performer", "a stage performer"),
    "not-confident": ("a shy person", "a timid person"),
    "old": ("an old man", "an elderly person", "an old woman"),
    "proud": ("a proud person", "a proud man"),
    "sad": ("a sad person", "a dejected man"),
    "tired": ("a tired person", "a weary man"),
    "youthful": ("a young person", "a teenager", "a young man"),
}
#: Subjects that have another form when something is done to them.
OBJECTS = {"he": "him", "she": "her"}

#: Forms in the order in which a clip's sentences take them: plain ones most often.
FORMS = ("plain", "progressive", "plain", "order", "show", "plain", "gerund", "start", "make")

#: Share of sentences with a style that name it by the subject, and of sentences with a slip of the keyboard.
BY_SUBJECT, SLIPS = 0.25, 0.06

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
        form: ``plain`` (a person walks), ``progressive`` (a person is walking), ``order`` (walk), ``gerund`` (walking),
            ``start`` (a person starts to walk), ``show`` (a person walking), ``make`` (make a person walk).
        subject: who does it.
    """
    if form == "order":
        return _VERB.sub(r"\1", phrase).replace("their ", "your ").replace("themselves", "yourself")
    if form == "plain":
        return f"{subject} {_VERB.sub(lambda m: third_person(m[1]), phrase)}"
    if form in ("start", "make"):
        ordered = _VERB.sub(r"\1", phrase)
        return (
            f"{subject} starts to {ordered}" if form == "start" else f"make {OBJECTS.get(subject, subject)} {ordered}"
        )
    acting = _VERB.sub(lambda m: progressive(m[1]), phrase)
    return {"gerund": acting, "show": f"{subject} {acting}"}.get(form, f"{subject} is {acting}")


def paraphrases(
    phrases: tuple[str, ...], styles: tuple[str, ...], key: str, count: int, subjects: tuple[str, ...] = ()
) -> list[str]:
    """``count`` different sentences, the same ones for the same ``key`` on every machine."""
    chooser = random.Random(zlib.crc32(key.encode()))
    chosen: list[str] = []
    order = chooser.sample(phrases, len(phrases))
    first = chooser.randrange(len(FORMS))
    for i in range(count * 3):
        styled = chooser.random() < 0.7
        told = subjects if styled and subjects and chooser.random() < BY_SUBJECT else ()
        text = sentence(order[i % len(order)], FORMS[(first + i) % len(FORMS)], chooser.choice(told or SUBJECTS))
        text = f"{text} {chooser.choice(styles)}".strip() if styled and not told else text
        text = slipped(text, chooser) if chooser.random() < SLIPS else text
        if text not in chosen:
            chosen.append(text)
        if len(chosen) == count:
            break
    return chosen


def slipped(text: str, chooser: random.Random) -> str:
    """The text with one slip of the keyboard: a letter missing, doubled, or exchanged with the next one."""
    places = [i for i in range(len(text) - 1) if text[i : i + 2].isalpha()]
    if not places:
        return text
    i = chooser.choice(places)
    slips = (text[:i] + text[i + 1 :], text[:i] + text[i] + text[i:], text[:i] + text[i + 1] + text[i] + text[i + 2 :])
    return chooser.choice(slips)


def content_paraphrases(content: str, style: str, key: str, count: int = 14) -> list[str]:
    """Sentences for a Bandai-Namco clip in other words than its labels; none for a content not in ``CONTENTS``."""
    if content not in CONTENTS:
        return []
    return paraphrases(CONTENTS[content], STYLES.get(style, ("",)), key, count, STYLED_SUBJECTS.get(style, ()))


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
