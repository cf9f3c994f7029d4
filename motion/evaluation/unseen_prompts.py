"""Prompts to test a text model with, written without sight of any caption, paraphrase or template used in training.

They stand for what people type: commands and descriptions, short and long, in good and in learner's English, with an
occasional misspelling left in on purpose. What the model scores on them must stay a fair test, so they are never
trained on and never adjusted to what a model happens to understand. Eleven were reworded once the captions were
known: five that equalled one but for the punctuation, two mixtures that were unclear, and four far prompts that were
near a recorded activity or out of place.
"""

from __future__ import annotations

#: content -> three ways to ask for it, each of which fits that content and none of the others.
UNSEEN_PARAPHRASES: dict[str, tuple[str, ...]] = {
    "bow": (
        "Make the character bend at the waist as a polite Japanese greeting.",
        "he lowers his head and upper body to show respect",
        "The actor takes a bow in front of the audience, then straightens up again.",
    ),
    "bye": (
        "Say goodbye to a friend by waving with your right hand.",
        "NPC waves farewell, right hand only",
        "a woman sees her guests off at the door and her right hand waves them goodbye",
    ),
    "byebye": (
        "bye-bye! wave it with both your hands",
        "The kid uses two hands at once to wave bye-bye to the departing train.",
        "Animate someone who waves goodbye excitedly, both arms in use.",
    ),
    "call": (
        "Beckon someone to come closer.",
        "the man gestures 'hey you, come here' to a person far away",
        "She spots her friend across the street and signals that he should come over.",
    ),
    "dance-short": (
        "go on, dance a bit for me",
        "Our mascot shows a few quick dance moves on the spot.",
        "somebody is happy and so he dances shortly to the music",
    ),
    "dash": (
        "Sprint as fast as you can!",
        "a player bursts forward in an all-out sprnt",
        "The hero dashes off at top speed, as if to catch a bus that is already leaving.",
    ),
    "guide": (
        "Show a visitor which way to go, with the right arm.",
        "hotel clerk, right hand held out: 'this way, please'",
        "The tour guide directs her group along the path with a sweep of her right arm.",
    ),
    "kick": (
        "Give him a good kick!",
        "the fighter's leg shoots out and hits the opponent",
        "I need a guy who strikes the air in front of him with his foot.",
    ),
    "punch": (
        "Throw a punch at the enemy.",
        "boxer hits the bag with his fist",
        "An angry man makes a fist and punchs straight ahead.",
    ),
    "raise-up-both-hands": (
        "Hands up, both of them!",
        "both arms go up over the head of the character",
        "The subject stands still and lifts her two hands towards the ceiling.",
    ),
    "raise-up-left-hand": (
        "Put your left hand up.",
        "left arm is lifted high by the person",
        "A student who wants to ask something holds up his left hand in class.",
    ),
    "raise-up-right-hand": (
        "Get that right hand of yours up in the air.",
        "the avatar lifts its rigth arm above the head",
        "A witness raises her right hand as though to swear an oath.",
    ),
    "respond": (
        "Answer the other person with a gesture of your left hand.",
        "someone calls him and he replies with his left hand",
        "The waiter was spoken to, and he acknowledges it by a short sign of the left hand.",
    ),
    "run": (
        "Run until I tell you to stop.",
        "the marathon runner keeps running at a steady pace",
        "Guy is runing forward, not sprinting, just an ordinary run.",
    ),
    "slash": (
        "Swing your sword at the monster.",
        "a samurai cuts through the air with his katana",
        "The knight slashs his blade down across the enemy in front of him.",
    ),
    "walk": (
        "Take a stroll, straight ahead.",
        "pedestrian walking down the street at normal speed",
        "I want a character that just walks forward in a straight line.",
    ),
    "walk-back": (
        "Step backwards while still looking ahead.",
        "the actor walks in reverse, his face stays to the front",
        "She backs away slowly from the dog and does not turn around.",
    ),
    "walk-left": (
        "Sidestep to the left, keep facing the camera.",
        "character strafes left at walking speed",
        "The person moves sideways to his left with steps, body always looking to the front.",
    ),
    "walk-right": (
        "Sidestep to the right, eyes front.",
        "strafe right, walking not running",
        "A man goes sideways to his right on foot, and his chest keeps pointing forward the whole time.",
    ),
    "walk-turn-left": (
        "Walk ahead, then make a left turn.",
        "the shopper walks up to the corner and turns left there",
        "He goes forward on foot and changes his direction by ninety degrees to the left.",
    ),
    "walk-turn-right": (
        "Walk ahead, then take a right.",
        "while walking forward the girl trun to the right by 90 degrees",
        "At the end of the hallway the robot turns right and walks on.",
    ),
    "wave-both-hands": (
        "Wave with both arms to get the pilot's attention.",
        "two hands waving in the air",
        "A fan in the stadium waves his left and his right hand at the same time.",
    ),
    "wave-left-hand": (
        "Wave your left hand.",
        "with her left hand the lady waves to the crowd",
        "idle character, left arm waving, right arm hangs down",
    ),
    "wave-right-hand": (
        "Let the right hand do the waving.",
        "he waves hello, and it is his right hand that waves",
        "idle character, right arm waving, left arm at rest",
    ),
}

#: What no recording shows anything like: a model should be able to tell that it was never taught these.
FAR_PROMPTS: tuple[str, ...] = (
    "A person plays the cello.",
    "a swimmer does the butterfly stroke across the pool",
    "Ride a bicycle up a steep hill.",
    "somebody typing an email at his desk",
    "Grandmother knits a scarf.",
    "a farmer milks a cow",
    "The surgeon stitches a wound under the microscope.",
    "row a boat over the lake",
    "A man shaves his beard with a razor.",
    "a nurse draws blood from a patient's arm",
    "Solder a resistor onto the circuit board.",
    "a woman chops onions and fries them in a pan",
    "the conductor leads the orchestra through a symphony",
    "Paddle a kayak down the rapids.",
    "an old man loads hay on a cart with a pitchfork",
    "A child builds a tower from toy bricks.",
    "two men saw a tree trunk in half",
    "Play the piano with four hands.",
    "a potter shapes a vase on the wheel",
    "The mechanic changes the oil of a truck.",
    "Iron a shirt and fold it.",
    "she brushes her teeth in front of the mirror",
    "a cowboy on a bucking bull",
    "Push a stalled car out of the mud.",
    "The archer draws the bow string and lets the arrow fly.",
    "a monk prays on his knees and turns his beads",
    "purple arithmetic tastes of Wednesday",
    "quarterly tax report for small companies",
    "asdf qwer lkjh zxcv",
    "How many litres of paint do I need for my kitchen?",
)

#: (what the legs do, what the arms do) of HELD_OUT_MIXTURES -> two ways to ask for both at once.
MIXTURE_PROMPTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("run", "wave-left-hand"): (
        "A jogger runs along and his left hand waves at the neighbours.",
        "Run forward and, at the same time, wave your left hand.",
    ),
    ("run", "wave-right-hand"): (
        "the girl is running and waves with the right hand as she goes",
        "Keep running, wave the right hand meanwhile.",
    ),
    ("walk", "raise-up-both-hands"): (
        "A suspect walks forward with both hands up.",
        "Lift both arms over your head while you walk straight on.",
    ),
    ("walk-back", "wave-both-hands"): (
        "He walks backwards, face to the front, and both hands wave.",
        "Wave both arms while stepping backward and looking ahead.",
    ),
    ("walk-turn-left", "raise-up-left-hand"): (
        "A pedestrian turns left as he walks and puts up the left hand.",
        "Walk, turn to the left, left arm lifted high during it.",
    ),
    ("walk-turn-right", "raise-up-right-hand"): (
        "the teacher walks round the corner to the right, right hand up in the air",
        "Turn right while walking and hold your right arm up.",
    ),
    ("walk-turn-left", "wave-both-hands"): (
        "She walks and turns left, both her hands waving all the while.",
        "both arms wave as the character walks ahead and takes a left turn",
    ),
    ("walk-turn-right", "wave-both-hands"): (
        "The clown walks, turns right and waves with his two hands.",
        "make a right turn on foot and wave both arms at once",
    ),
    ("walk", "byebye"): (
        "A tourist walks on and waves bye-bye with both hands.",
        "walk forward, and with two hands wave goodbye to everybody",
    ),
    ("run", "raise-up-left-hand"): (
        "The striker runs with his left arm held high.",
        "put the left hand up while you are running",
    ),
    ("run", "raise-up-right-hand"): (
        "The winner runs with her right arm held high.",
        "somebody running who lifts the right hand over his head",
    ),
    ("walk-left", "wave-left-hand"): (
        "Sidestep to the left and wave with your left hand.",
        "a man walks sideways to his left, facing ahead, and his left hand waves",
    ),
    ("walk-right", "wave-right-hand"): (
        "Sidestep to the right and wave with your right hand.",
        "a woman facing forward walks sideways to the right, waving her right hand",
    ),
}

#: (content, style) of HELD_OUT_STYLES -> two ways to ask for it.
STYLE_PROMPTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("walk", "youthful"): (
        "Walk with the spring of youth in your step.",
        "a lively young man strolls straight ahead",
    ),
    ("wave-both-hands", "exhausted"): (
        "Completely worn out, he still waves both of his hands.",
        "wave with both arms like somebody who has no strength left",
    ),
    ("walk-turn-left", "feminine"): (
        "Walk ahead and turn left in a very womanly manner.",
        "a lady with a graceful feminine gait walks and turns to her left",
    ),
    ("walk-turn-right", "feminine"): (
        "With feminine elegance the model walks forward and turns right.",
        "walks like a woman, then a turn to the right while walking",
    ),
    ("run", "masculine"): (
        "Run the way a tough, manly guy runs.",
        "a macho type is running forward",
    ),
    ("raise-up-both-hands", "elderly"): (
        "An old man with stiff shoulders puts both hands up.",
        "lift both your arms as if you were ninety years old",
    ),
}
