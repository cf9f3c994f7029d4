"""What is done, in words: the tables from which captions are made.

A verb phrase has its verbs starred, ``*raise the left hand``, so that it can be put into any form of sentence. A phrase
fits its own content and none of the others. What is done on the right is said as it is on the left.
"""

from __future__ import annotations

from motion.datasets.grammar import mirrored_caption


def _both_sides(table: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The table with the right-hand contents after the left-hand ones, in the same words."""
    both: dict[str, tuple[str, ...]] = {}
    for content, texts in table.items():
        both[content] = texts
        if "left" in content:
            both[mirrored_caption(content)] = tuple(mirrored_caption(text) for text in texts)
    return both


#: Verb phrases for the contents of the Bandai-Namco set, checked against the movements (which hand, which way); the
#: first one names the content most plainly.
CONTENTS: dict[str, tuple[str, ...]] = _both_sides({
    "bow": (
        "*bow", "*bow politely from the waist", "*take a bow", "*lean forward to bow",
        "*bend at the waist to greet someone", "*greet with a bow", "*lower the upper body in a bow",
        "*make a respectful bow", "*bow deeply", "*give a bow", "*bow down", "*bend forward politely",
        "*make a bow to show respect", "*bow their head and *bend the back", "*say hello with a bow",
        "*thank someone with a bow", "*bend over at the hips and *come back up", "*bow to the audience",
        "*bow to the host", "*bow before the king", "*bow in front of the teacher", "*pay respect with a bow",
        "*incline the upper body", "*fold forward at the waist and *straighten again",
        "*dip the head and shoulders respectfully", "*bow in greeting", "*bow as a sign of thanks",
        "*bow Japanese style", "*make a reverence", "*take a curtain call bow", "*apologise with a bow",
        "*bow in apology", "*bend the torso forward in respect", "*bow to the opponent before the match",
        "*do a formal bow", "*bow low", "*show gratitude by bowing", "*bow once and *rise again",
        "*lean the trunk forward, the arms at the sides", "*thank the guests by bowing", "*offer a bow",
        "from the hips *bend forward in greeting", "*welcome a guest with a bow",
        "*tilt the body forward and *lower the head", "*bow and *say 'thank you very much'",
    ),
    "bye": (
        "*wave goodbye with the right hand", "*say goodbye with one hand", "*wave farewell with one hand",
        "*give a goodbye wave", "*lift the right hand and *wave goodbye",
        "*wave goodbye to someone with a single hand", "*bid farewell with a wave of the right hand", "*wave goodbye",
        "*say goodbye", "*wave farewell", "*see someone off with a wave",
        "*part from someone with a wave of the hand", "*send someone off by waving one hand",
        "*do a goodbye wave with the right arm", "*wave someone off with the right hand",
        "*wave goodbye to a friend who leaves", "*say farewell with a wave of the right arm",
        "*wave 'see you later' with the right hand", "*wave 'see you tomorrow'", "*say 'bye' and *wave one hand",
        "*raise one hand and *wave goodbye", "with the right hand *wave goodbye",
        "*wave goodbye with the right hand only, not with the left",
        "*wave goodbye with one hand while the other hangs down", "*take leave with a wave",
        "*wave to a departing train", "*wave after a friend who drives away", "*bid goodbye with the right hand",
        "*wave a last goodbye with the right hand", "*say so long with a wave of one hand", "*wave adieu",
        "*wave goodbye from the door", "*say goodbye to the guests with a wave",
        "*make a parting gesture with the right hand", "*move the right hand from side to side to say goodbye",
        "*give a farewell wave with the right hand", "*lift the right arm for a goodbye wave",
        "*signal goodbye with the right hand", "*wave goodbye at the end of the visit",
        "*wave off a colleague with one hand", "*shake one hand in farewell",
    ),
    "byebye": (
        "*wave bye-bye with both hands", "*say bye-bye waving both hands", "*wave bye-bye with both arms in the air",
        "*hold up both hands and *wave bye-bye", "*wave a big bye-bye with two hands",
        "*wave farewell with both hands", "*say bye-bye", "*wave bye-bye", "*wave bye bye using both arms",
        "*say bye bye with both hands up", "*wave both hands to say goodbye", "*do a two-handed goodbye wave",
        "*wave so long with both arms", "*wave goodbye with both hands", "*wave goodbye with both arms",
        "*raise both hands and *wave goodbye", "*give a big goodbye wave with both arms",
        "*wave both arms in farewell", "*wave 'bye-bye' with the two hands",
        "*say 'bye-bye everybody' with both hands waving", "with both hands *wave goodbye",
        "*see the ship off waving both arms", "*bid farewell waving both hands",
        "*wave goodbye using two hands instead of one", "*wave both hands to a friend who leaves",
        "*wave both hands at the departing train", "*say farewell with both arms raised",
        "*wave goodbye with the left and the right hand", "*swing both hands from side to side in farewell",
        "*take leave with both hands waving", "*wave bye-bye with both hands at once",
        "*shake both hands in the air to say bye-bye", "*lift both arms to wave goodbye",
        "*part from friends waving both arms", "*do a goodbye wave with both hands",
        "*move both hands from side to side to say bye-bye", "*make a farewell gesture with both arms",
        "*send someone off waving both hands", "*wave a double-handed goodbye", "*wave 'see you' with both arms",
    ),
    "call": (
        "*call someone over", "*beckon someone", "*signal someone to come over", "*call out to somebody",
        "*gesture to someone to come here", "*call somebody from afar", "*call out", "*wave someone over",
        "*ask someone to come closer with a gesture", "*get someone's attention", "*make a come here gesture",
        "*summon somebody", "*shout for somebody", "*call a friend over", "*beckon a friend",
        "*beckon someone over with the hand", "*motion for someone to approach", "*signal a colleague to come nearer",
        "*wave a waiter over", "*invite somebody to come closer", "*shout 'hey, come here'",
        "*call 'come over here' to a friend", "*yell 'hey you' across the yard", "*say 'come on over' and *beckon",
        "*gesture for someone to join", "*hail somebody far away", "*call a dog", "*call the children in",
        "*try to get somebody to come", "*call for a helper", "*cry out to somebody at a distance",
        "*hail a passer-by", "*make a beckoning gesture", "*bid someone come nearer with the hand",
        "*draw somebody's attention by calling", "*summon a servant with a gesture",
        "*attract the attention of a friend", "*call a neighbour over", "*ask a waiter to come by beckoning",
        "with one hand *beckon somebody over", "*holler to someone across the street",
        "*urge someone to come over here",
    ),
    "dance-short": (
        "*dance", "*do a short dance", "*perform a dance routine", "*dance to music", "*move to the beat",
        "*dance energetically", "*do some dance steps", "*show a dance", "*dance around", "*dance a little",
        "*groove to the music", "*perform a dance on stage", "*dance happily", "*do a dance move",
        "*do a little dance", "*bust a move", "*dance to a song", "*show off some dance moves", "*dance on the spot",
        "*dance at a party", "*dance in a club", "*boogie", "*shake the hips to the music", "*dance to the rhythm",
        "*perform a short choreography", "*do a quick dance", "*dance like nobody is watching",
        "*swing and *sway to the music", "*dance freestyle", "*step and *sway to the beat",
        "*move rhythmically to music", "*jive", "*do a celebration dance", "*do a victory dance",
        "*dance for a few beats", "*rehearse a dance", "*practise a dance routine", "*break into a dance",
        "*entertain the guests with a dance", "*dance for the crowd",
    ),
    "dance-long": (
        "*dance", "*do a long dance", "*perform a dance routine", "*dance to music", "*keep dancing",
        "*do a little dance", "*dance for a long time", "*dance on and on", "*dance to a whole song",
        "*show off some dance moves", "*dance to a song", "*dance on the spot", "*dance at a party",
        "*dance in a club", "*boogie", "*shake the hips to the music", "*dance to the rhythm",
        "*perform a long choreography", "*perform a dance on stage", "*do some dance steps", "*move to the beat",
        "*groove to the music", "*dance freestyle", "*move rhythmically to music", "*rehearse a dance",
        "*practise a dance routine", "*dance through an entire song", "*keep moving to the music",
        "*do a full dance routine", "*dance happily", "*dance around", "*entertain the guests with a dance",
        "*dance without a break", "*show a dance",
    ),
    "dash": (
        "*dash forward", "*sprint ahead", "*sprint as fast as possible", "*rush forward at top speed",
        "*dash away quickly", "*race forward", "*make a fast dash forward", "*bolt forward", "*dash", "*sprint",
        "*sprint forward", "*run as fast as they can", "*run at full speed", "*run very fast",
        "*race ahead at full tilt", "*speed off", "*charge forward", "*rush ahead", "*sprint to the finish line",
        "*sprint to catch the bus", "*dash to catch the train", "*run flat out", "*run like the wind",
        "*go all out in a sprint", "*hurtle forward", "*tear down the street", "*tear ahead", "*make a run for it",
        "*race to the goal", "*race against the clock", "*zoom forward", "*shoot forward at full speed",
        "*run for their life", "*run all out", "*sprint at full throttle", "*break into a sprint",
        "*blast off at top speed", "*run at maximum speed", "*dash across the road",
        "*sprint the last hundred meters", "*storm ahead at full speed", "*run as quickly as possible",
        "*give everything in a sprint", "*flee at full speed", "*take off at a sprint", "*dart ahead",
        "*sprint away from danger", "*race down the track at top speed",
    ),
    "guide": (
        "*show the way with the right hand", "*gesture with the right hand to show the way",
        "*guide someone with a hand gesture", "*direct someone with an open hand", "*point out the way",
        "*invite someone to go ahead with a gesture", "*show the way", "*lead the way with a gesture",
        "*point the way", "*usher someone along", "*show someone where to go", "*give directions with the hand",
        "*indicate a direction with the right arm", "*guide visitors", "*gesture this way please",
        "*point the way with the right arm", "*show a guest the way", "*show the way with an open right hand",
        "*direct visitors to the entrance", "*invite someone in with the right hand", "*usher the guests in",
        "*say 'this way please' with the right hand", "*gesture 'after you' with the right arm",
        "*extend the right arm to show the way", "*hold out the right hand to show where to go",
        "*offer directions with the right hand", "*steer someone the correct way with a gesture",
        "*indicate the way with the right hand", "*show a customer to the table",
        "*present the way with the right arm", "*escort a visitor with a sweep of the right arm",
        "*motion the guests toward the door", "*tell somebody where to go with the right hand",
        "with the right arm *show the way", "*point someone in the proper direction", "*give a tourist directions",
        "*let someone pass first with a gesture of the right hand", "*welcome the visitors and *show them the way",
        "*gesture toward the exit with the right hand", "*explain the way with the right hand",
        "*sweep the right hand to the side to let someone pass", "*point out the direction for a lost tourist",
        "*make an inviting gesture with the right arm",
    ),
    "kick": (
        "*kick", "*do a spinning kick", "*kick with the right leg", "*throw kicks", "*perform martial arts kicks",
        "*practice kicking", "*kick the air", "*perform a kick", "*do a high kick", "*do a roundhouse kick",
        "*kick an opponent", "*attack with kicks", "*kick hard", "*deliver a kick", "*train kicks",
        "*kick with force", "*kick at a target", "*do a martial arts kick", "*throw a kick", "*throw a high kick",
        "*do a karate kick", "*land a kick", "*kick up high", "*kick at an enemy", "*kick the bag",
        "*strike with the foot", "*swing the leg in a kick", "*kick out", "*practise a kick combination",
        "*perform a spinning kick", "*do a turning kick", "*do a taekwondo kick", "*lash out with the foot",
        "*drive the foot into the target", "*execute a roundhouse kick", "*boot an invisible enemy",
        "*attack with the legs", "*fight with kicks", "*show some kicks", "*spin and *kick",
        "*hit an opponent with the foot", "*deliver a powerful kick", "*kickbox", "*use the leg to strike",
        "with the leg *strike an opponent",
    ),
    "punch": (
        "*punch", "*throw punches", "*box", "*strike with the fists", "*punch the air", "*jab and *punch",
        "*throw a punch", "*punch forward", "*hit with the fists", "*do some boxing", "*shadowbox", "*punch someone",
        "*attack with punches", "*fight with the fists", "*throw a left and a right punch", "*throw a jab",
        "*throw a few punches", "*land a punch", "*throw a one-two", "*hit the punching bag",
        "*strike an opponent with the fist", "*punch with both fists", "*hit out with the fists", "*swing a fist",
        "*do a boxing combination", "*practise punches", "*punch at an enemy", "*fight like a boxer",
        "*spar with an invisible opponent", "*attack with the fists", "*deliver a punch",
        "*deliver quick blows with the fists", "*hit a target with the fist", "*drive the fist forward",
        "*punch ahead with one fist after the other", "*jab at the air", "*let the fists fly",
        "*beat the air with the fists", "*train punches", "*strike blows with the hands",
        "*smack an opponent with the fists", "*box against a shadow", "*throw a hook", "*thrust the fist forward",
        "with the fists *strike at an enemy",
    ),
    "raise-up-both-hands": (
        "*raise both hands", "*lift both arms", "*put both hands up", "*raise both arms above the head",
        "*put their hands up in the air", "*throw both arms up", "*hold both hands up high",
        "*lift the two hands overhead", "*reach up with both arms", "*raise the left and the right hand together",
        "*raise both arms", "*lift up both hands", "*bring both hands up over the head", "*put their arms up",
        "*throw the hands in the air", "*stretch both arms up to the sky", "*raise the arms high",
        "*surrender with both hands up", "*hold up both hands", "*cheer with both arms raised",
        "*raise both hands above the head", "*lift both hands overhead", "*hold both arms up",
        "*hold both hands up in the air", "*keep both hands raised", "*have both hands up", "*stick both hands up",
        "*raise both arms to the sky", "*put both arms straight up", "*lift the arms above the head",
        "*reach for the sky with both hands", "*reach for the ceiling with both arms", "*surrender with the hands up",
        "*throw both hands up in triumph", "*celebrate a goal with both arms up", "*stretch both hands upward",
        "*extend both arms overhead", "*raise the two arms at once", "*raise both hands, not just one",
        "*put up both hands", "*raise the left arm and the right arm at the same time",
        "*lift up both arms and *hold them there", "*elevate both arms", "*bring both arms up",
        "*move both hands up over the head", "*show both empty hands above the head",
        "*obey a 'hands up' order with both arms raised", "both arms together *reach for the sky",
        "*point both arms at the ceiling", "*hold both hands above the head without waving",
        "*raise both hands and *keep them still",
    ),
    "raise-up-left-hand": (
        "*raise the left hand", "*lift the left arm", "*put the left hand up", "*raise their left arm above the head",
        "*lift up their left arm", "*hold the left hand up high", "*put their left hand up in the air",
        "*reach up with the left hand", "*raise only the left hand", "*stretch the left arm upward",
        "*raise the left arm", "*lift the left hand", "*raise a hand, the left one", "*put up their left hand",
        "*hold up the left hand", "*point the left arm to the sky", "*bring the left hand above the head",
        "*signal with the raised left hand", "*extend the left arm overhead", "*raise the left hand above the head",
        "*lift the left hand overhead", "*hold the left arm up", "*keep the left hand raised",
        "*keep the left arm up in the air", "*have the left hand up", "*stick the left hand up",
        "*stick up the left arm", "*raise the left hand to ask a question", "*raise the left hand to speak",
        "*raise the left hand in class", "*raise the left hand to vote", "*vote with the left hand up",
        "*volunteer with the left hand raised", "*put the left arm straight up", "*lift the left hand to the sky",
        "*reach for the ceiling with the left hand", "*reach for the sky with the left arm",
        "*extend the left hand upward", "*elevate the left arm", "*bring up the left arm",
        "*move the left hand up over the head", "*raise the left arm, not the right one",
        "*raise the left hand, the right one stays down", "*lift the left arm only, the right one hanging down",
        "*raise the left hand instead of the right", "*lift just the left hand", "with the left hand *reach up high",
        "with the left arm *point to the sky", "*hold the left hand high without waving",
        "*raise the left hand and *keep it still", "*point the left hand at the ceiling",
        "*hail a taxi with the left arm held up", "*thrust the left arm up", "*take an oath with the left hand up",
    ),
    "respond": (
        "*respond to someone", "*answer with a gesture", "*respond by lifting the left hand",
        "*answer a call by raising a hand", "*acknowledge someone with the left hand", "*react to being called",
        "*respond", "*reply with a gesture", "*answer someone", "*react to someone", "*respond to a call",
        "*give an answer with the hand", "*reply to someone who calls", "*respond with the left hand",
        "*respond to somebody who called", "*answer with the left hand", "*answer somebody by lifting the left hand",
        "*reply with the left hand", "*acknowledge a call", "*acknowledge a greeting", "*react to a question",
        "*react when somebody calls", "*give a response", "*give a short reply with the hand",
        "*give an answering gesture", "*signal that the call was heard", "*let someone know they were heard",
        "*show that the message was understood", "*answer a colleague", "*answer 'here' when called",
        "*answer 'present' at roll call", "*reply 'yes, I am here' with the left hand", "*confirm with the left hand",
        "*return a greeting with the left hand", "*answer a shout from afar",
        "*answer back with a gesture of the left hand", "*respond to a signal", "*reply to a friend",
        "*respond when called by name", "*make an answering sign with the left hand",
        "with the left hand *answer a call",
    ),
    "run": (
        "*run", "*run forward", "*jog forward", "*jog", "*run straight ahead", "*go for a run",
        "*run along at a steady pace", "*move forward at a run", "*keep running forward", "*run in a straight line",
        "*jog ahead", "*jog along", "*run ahead", "*run down the street", "*run at a moderate pace", "*go running",
        "*run a few meters", "*jog at an easy pace", "*move at a running pace", "*run on", "*run at a steady speed",
        "*run for exercise", "*jog in the park", "*jog for fitness", "*jog down the road", "*jog straight ahead",
        "*jog at a comfortable pace", "*run at an even pace", "*run forwards", "*jog forwards", "*keep jogging",
        "*run laps", "*do a morning run", "*trot along", "*trot forward", "*run along the path",
        "*run along the road", "*run to the other side", "*run from one end to the other", "*run up to the door",
        "*go jogging", "*go for a jog", "*go ahead at a run", "*advance at a jog", "*move along running",
        "*take a run", "*proceed at a run", "*run toward the camera", "*lope along", "*run a short distance",
    ),
    "slash": (
        "*slash with a sword", "*swing a sword", "*slash through the air", "*cut down with a sword",
        "*strike with a blade", "*make sword slashes", "*slash", "*attack with a sword", "*cut the air with a sword",
        "*slash an enemy", "*wield a sword", "*swing a blade from side to side", "*do sword strokes",
        "*fight with a sword", "*hack with a sword", "*swing a katana", "*swing the sword",
        "*slice the air with a blade", "*slice with a sword", "*cut with a sword", "*chop with a sword",
        "*strike with a sword", "*strike down an enemy with the sword", "*slay a monster with the sword",
        "*perform a sword attack", "*do a sword swing", "*brandish a sword", "*attack an enemy with a blade",
        "*make a slashing attack", "*deliver a sword strike", "*practise with a sword", "*train sword strokes",
        "*swing a saber", "*cut through bamboo with a katana", "*swing the blade down",
        "*cleave an enemy with a blade", "*fight a dragon with the sword", "*draw a sword and *slash",
        "*use a sword against an enemy", "*swing the weapon at an enemy", "*slash at a monster", "*hit with a sword",
        "*carve the air with a blade", "*duel with a sword", "with a sword *cut at an opponent",
    ),
    "walk": (
        "*walk", "*walk forward", "*walk straight ahead", "*stroll forward", "*take steps forward",
        "*go forward on foot", "*walk in a straight line", "*keep walking forward", "*move forward at a walk",
        "*walk along", "*walk ahead", "*walk on", "*go for a walk", "*stroll", "*take a walk",
        "*walk down the street", "*walk at a normal speed", "*walk a few steps", "*step forward", "*travel on foot",
        "*march ahead", "*walk from one place to another", "*move ahead at walking pace", "*walk forwards",
        "*walk straight", "*walk at an easy pace", "*walk to the door", "*walk toward the camera",
        "*walk across the room", "*walk through the room", "*walk along the path", "*walk along the road",
        "*cross the room on foot", "*stride ahead", "*stride forward", "*amble along", "*amble forward",
        "*saunter along", "*pace forward", "*wander ahead", "*make their way forward on foot", "*proceed on foot",
        "*advance at a walk", "*advance step by step", "*put one foot in front of the other",
        "*go straight on at walking pace", "*head straight forward on foot", "*go on foot to the other side",
        "*step out and *walk on", "*take a few steps ahead", "*continue walking straight", "*come walking along",
        "*move along on foot", "*walk to work", "*walk to the shop", "*stroll through the park",
        "*walk over to a friend", "*approach on foot", "*walk up to the counter", "*take a stroll",
    ),
    "walk-back": (
        "*walk backward", "*walk backwards", "*step back", "*move backward", "*back up slowly",
        "*take several steps backwards", "*walk in reverse", "*retreat walking backward", "*walk back",
        "*go backwards", "*take steps back", "*back away", "*move backwards on foot", "*pace backwards",
        "*walk rearward", "*step backwards carefully", "*retreat a few steps", "*go in reverse",
        "*walk backwards facing forward", "*walk backward with the eyes ahead",
        "*walk backwards without turning around", "*step back without turning",
        "*move backwards while still facing the front", "*retreat with the face to the front", "*back up",
        "*back off", "*back up a few steps", "*back away from danger", "*back away from a dog",
        "*step away backwards", "*take a few steps back", "*take some paces to the rear", "*go back step by step",
        "*go backward on foot", "*move to the rear", "*move away backwards", "*withdraw a few steps backwards",
        "*draw back from the edge on foot", "*walk backwards out of the room", "*walk in the backward direction",
        "*travel backwards on foot", "*reverse on foot", "*reverse a few steps", "*exit the stage walking backwards",
        "*give way by stepping backward", "*make room by stepping back", "*recoil a few steps",
        "*pull back on foot, still looking ahead", "*walk with the back first", "*fall back a few paces",
        "back first *walk away",
    ),
    "walk-left": (
        "*walk to the left", "*walk diagonally to the left", "*walk forward drifting to the left",
        "*move off to the left", "*step toward the left while walking", "*veer left while walking without turning",
        "*walk sideways to the left", "*sidestep to the left", "*step to the left", "*move sideways left",
        "*go left without turning", "*shift over to the left on foot", "*walk to the left side", "*walk leftwards",
        "*move leftwards", "*go sideways to the left", "*make a side step left", "*step sideways to the left",
        "*shuffle to the left", "*shuffle sideways to the left", "*take side steps to the left",
        "*take a few steps to the left", "*make some sideways steps to the left",
        "*move to the left without turning the body", "*walk to the left facing forward",
        "*walk left while still facing the front", "*step left with the eyes ahead",
        "*sidestep to the left and *keep looking ahead", "*walk to the left with the chest to the front",
        "*move over to the left", "*walk off to the left side without turning", "*drift to the left while walking",
        "*walk slantwise to the left", "*go diagonally forward to the left", "*make way by stepping to the left",
        "*dodge to the left with a few steps", "*slide over to the left step by step", "*sidle to the left",
        "*sidle left along the wall", "*strafe left", "*strafe to the left", "*walk crabwise to the left",
        "*travel sideways to the left", "to the left side *step away",
        "*move to the left, not to the right, without turning", "*avoid an obstacle by stepping to the left",
        "*edge left along the wall",
    ),
    "walk-turn-left": (
        "*walk and *turn left", "*turn left while walking", "*walk forward, then *turn to the left",
        "*make a left turn while walking", "*walk around a corner to the left", "*walk ahead and *take a left turn",
        "*walk and *change direction to the left", "*walk forward and *turn ninety degrees to the left", "*turn left",
        "*walk and *turn to the left", "*walk around to the left", "*go left at the corner",
        "*walk in a curve to the left", "*take a left while walking", "*walk a few steps and *turn left",
        "*head left after walking straight", "*round a corner to the left", "*walk straight and then *turn left",
        "*walk ahead and *turn to the left side", "*walk forward and *make a left turn",
        "*walk to the corner and *turn left", "*reach the corner and *turn left", "*turn left at the corner",
        "*turn the corner to the left", "*walk on and *swing round to the left", "*take the left turn",
        "*take the next left", "*take a left at the crossing", "*walk up the hallway and *turn left",
        "*walk and *make a quarter turn to the left", "*walk forward with a ninety degree left turn",
        "*change the walking direction to the left", "*bend off to the left while walking", "*turn off to the left",
        "*walk along the road and *turn off to the left", "*walk around the bend to the left",
        "*pivot left in the middle of the walk", "*walk some steps and then *head left",
        "*walk, *turn the body left and *walk on", "*follow the path around to the left",
        "*follow the hallway around the corner to the left", "*go straight and then *go left",
        "*go ahead, then *go left around the corner", "*walk forward and *turn left, not right",
        "*walk in an arc to the left", "*make a turn to the left on foot", "*walk forward and *face left at the end",
        "*walk a curve that bends to the left", "*circle the corner to the left",
        "*walk straight first, then *turn left", "at the corner *turn left",
    ),
    "wave-both-hands": (
        "*wave both hands", "*wave with both arms", "*wave both arms above the head", "*wave with two hands",
        "*swing both raised hands from side to side", "*hold up both arms and *wave them",
        "*wave the left and the right hand together", "*greet with a wave of both hands", "*wave both arms",
        "*wave with both hands", "*wave two hands in the air", "*raise both hands and *wave them",
        "*greet the crowd waving both arms", "*wave both arms from side to side", "*give a big wave with both arms",
        "*wave wildly with both arms", "*signal by waving both arms", "*wave hello with both hands",
        "*wave hello with both arms", "*wave at a friend with both hands", "*wave both hands above the head",
        "*wave both hands in the air", "*wave both hands to get attention", "*wave for help with both arms",
        "*wave both arms to stop a car", "*flag down a car with both arms", "*signal to a plane with both arms",
        "*attract attention by waving both hands", "*greet a friend by waving both hands",
        "*welcome somebody with both arms waving", "*say hi with both hands", "*say hello waving both arms",
        "*move both hands back and forth in greeting", "*swing both arms overhead",
        "*swing both arms from side to side in the air", "*raise both arms and *wave",
        "*lift both hands and *wave hello", "*hold both hands up and *wave", "*wave 'hey, over here' with both arms",
        "*wave with both hands at once", "*wave with both hands, not just one", "*wave the two arms like a castaway",
        "*wave to the fans with both hands", "*cheer and *wave both arms", "with both hands *wave to the crowd",
        "*shake both raised hands in greeting", "*wave frantically with both hands", "*wag both hands in the air",
        "*flap both raised hands",
    ),
    "wave-left-hand": (
        "*wave the left hand", "*wave with the left arm", "*wave hello with the left hand",
        "*raise the left hand and *wave it", "*swing the raised left hand from side to side",
        "*greet someone by waving the left hand", "*wave their left arm", "*wave using only the left hand",
        "*wave the left hand in the air", "*wave with the left hand", "*greet someone with the left hand",
        "*say hello with the left hand", "*raise their left hand and *wave", "*wave at a friend with the left arm",
        "*shake the raised left hand to greet", "*give a wave with the left hand", "*wave hello with the left arm",
        "*wave at somebody with the left hand", "*wave to the crowd with the left hand",
        "*wave the left arm above the head", "*wave the left hand from side to side", "*say hi with the left hand",
        "*say hi with a wave of the left hand", "*greet a friend with the left arm",
        "*greet a neighbour with a wave of the left hand", "*give a friendly wave with the left hand",
        "*lift the left hand and *wave hello", "*hold up the left hand and *wave it", "*raise the left arm and *wave",
        "*move the left hand back and forth in greeting", "*swing the left arm from side to side in the air",
        "*wag the left hand in greeting", "*flap the left hand hello",
        "*wave the left hand only, the right one hanging down", "*wave the left hand, not the right one",
        "*wave the left hand instead of the right", "*wave with the left hand alone", "*wave just the left hand",
        "*wave the left arm while the right arm stays down", "with the left hand *wave to the crowd",
        "with the left arm *wave hello", "*signal to a friend by waving the left hand",
        "*wave the left hand to get attention", "*wave the left arm to stop a car",
        "*flag somebody down with the left hand waving", "*wave 'hey, over here' with the left hand",
        "*wave 'hello there' with the left hand", "*shake the left hand in the air", "*use the left hand to wave",
        "*welcome somebody by waving the left hand",
    ),
})  # fmt: skip

#: The same as nouns, as in the notes of a list of clips.
NOTES: dict[str, tuple[str, ...]] = _both_sides({
    "bow": (
        "polite bow", "respectful bow", "formal bow", "bow", "bow of thanks", "bow from the waist",
    ),
    "bye": (
        "goodbye wave, right hand", "farewell wave with the right hand", "waving goodbye with one hand",
        "right-handed goodbye wave", "parting wave",
    ),
    "byebye": (
        "two-handed goodbye wave", "farewell wave with both hands", "goodbye wave, both arms",
        "bye-bye with both hands",
    ),
    "call": (
        "beckoning gesture", "come here gesture", "calling someone over", "beckoning", "call for attention",
    ),
    "dance-short": (
        "short dance", "dance move", "dance routine", "dance loop", "little dance",
    ),
    "dance-long": (
        "long dance", "dance routine", "dance loop", "dance performance",
    ),
    "dash": (
        "sprint", "fast dash", "full speed run", "sprint cycle", "all-out sprint", "sprint start",
    ),
    "guide": (
        "showing the way, right hand", "this way please gesture", "guiding gesture",
        "usher gesture with the right arm", "direction gesture, right arm",
    ),
    "kick": (
        "kick attack", "high kick", "spinning kick", "martial arts kick", "roundhouse kick", "melee kick",
    ),
    "punch": (
        "punch attack", "jab", "boxing combo", "one-two punch", "melee punch", "fist attack", "shadow boxing",
    ),
    "raise-up-both-hands": (
        "raised hands", "both hands up", "both arms raised", "arms held overhead", "hands up pose",
        "both arms in the air",
    ),
    "raise-up-left-hand": (
        "raised left hand", "left hand up", "left arm lifted high", "left arm held up", "left arm overhead",
        "left hand in the air", "left hand up, right hand down",
    ),
    "respond": (
        "answering gesture, left hand", "reply gesture", "short response", "response with the left hand",
        "reaction to a call",
    ),
    "run": (
        "steady run", "run cycle", "jog", "jogging", "easy jog", "run loop", "forward run",
    ),
    "slash": (
        "sword swing", "sword slash", "sword attack", "blade attack", "katana slash", "sword strike",
    ),
    "walk": (
        "walk cycle", "forward walk", "walking", "stroll", "straight walk", "walk loop", "basic walk",
    ),
    "walk-back": (
        "backward walk", "backward steps", "walking backwards", "backpedal walk", "steps to the rear",
        "backward walk cycle",
    ),
    "walk-left": (
        "sidestep left", "left sidestep", "side step to the left", "strafe left", "sideways walk, left",
        "steps to the left without turning",
    ),
    "walk-turn-left": (
        "left turn while walking", "walk with a left turn", "walk, then turn left",
        "walking turn, left, ninety degrees", "left turn at the corner",
    ),
    "wave-both-hands": (
        "two-handed wave", "wave with both arms", "both arms waving", "big wave, both hands",
        "both hands waving in the air",
    ),
    "wave-left-hand": (
        "wave with the left hand", "left-handed wave", "left hand wave", "left arm waving",
        "greeting wave, left hand", "waving, left hand only",
    ),
})  # fmt: skip

#: Whole sentences in which a part of the body acts, or words are spoken.
CLAUSES: dict[str, tuple[str, ...]] = _both_sides({
    "bow": (
        "the upper body goes down in a bow", "their head and back bend forward in a bow", "there is a bow of respect",
    ),
    "bye": (
        "the right hand waves goodbye", "'goodbye', with a wave of the right hand",
        "'see you soon', says the waving right hand", "the right arm waves farewell",
    ),
    "byebye": (
        "both hands wave bye-bye", "both arms wave goodbye", "'bye-bye', with both hands waving",
        "the two hands wave farewell",
    ),
    "call": (
        "'hey, come over here', with a beckoning hand", "'come here', says the gesture",
        "the hand beckons somebody over", "'excuse me', to get somebody to come",
    ),
    "dance-short": (
        "the whole body moves to the beat", "the body dances to the music",
    ),
    "dance-long": (
        "the whole body moves to the beat", "the body dances to the music", "the dance goes on and on",
    ),
    "dash": (
        "the legs go at full speed", "'run for it', as fast as possible", "both legs sprint at top speed",
    ),
    "guide": (
        "'this way, please', with the right hand", "'after you', with a gesture of the right arm",
        "the right hand shows the way", "the right arm points out the way",
    ),
    "kick": (
        "the leg flies up in a kick", "the foot strikes an opponent", "the leg swings around in a kick",
    ),
    "punch": (
        "the fists strike out", "the fist shoots forward in a punch", "both fists hit the air one after the other",
    ),
    "raise-up-both-hands": (
        "both arms go up", "both hands go up in the air", "both arms rise over the head",
        "'hands up', and both arms rise", "the arms are held up high", "the left hand and the right hand both go up",
        "both hands rise and stay up",
    ),
    "raise-up-left-hand": (
        "the left arm goes up", "the left hand goes up", "the left hand rises above the head",
        "the left arm is lifted", "the left hand is held up in the air",
        "the left arm goes up over the head and stays there", "only the left arm rises",
        "the left hand goes up, the right one stays down", "their left arm points to the sky",
        "'me, me', with the left hand up", "'I have a question', with the left hand raised",
    ),
    "respond": (
        "the left hand comes up in answer", "'yes, I am here', with the left hand",
        "'yes', as an answer to somebody who called", "'okay, I heard you', with a gesture",
    ),
    "run": (
        "the legs run at a steady pace", "both feet jog along",
    ),
    "slash": (
        "the sword cuts the air", "the blade comes down on an enemy", "the sword swings at an opponent",
    ),
    "walk": (
        "the legs walk forward", "both feet step forward one after the other",
        "their feet carry them straight ahead at walking pace",
    ),
    "walk-back": (
        "the feet step backward", "the legs go back step by step",
        "the steps go backward, the face stays to the front", "'stay away from me', says the one who walks backward",
    ),
    "walk-left": (
        "the feet step to the left while the body faces forward", "the legs step sideways to the left",
        "the body moves to the left side without turning", "the steps go to the left, the eyes stay ahead",
    ),
    "walk-turn-left": (
        "the walk goes straight and then bends to the left", "the body turns left after some steps",
        "the path goes around a corner to the left", "the steps turn off to the left",
    ),
    "wave-both-hands": (
        "both hands wave in the air", "both arms wave from side to side", "both arms go up and wave",
        "'hello everybody', with both hands waving", "'hey, over here', with both arms waving",
        "the two raised hands wave",
    ),
    "wave-left-hand": (
        "the left hand waves", "the left arm waves in the air", "the left hand waves hello",
        "the left hand goes up and waves", "only the left hand waves, the right one hangs down",
        "'hello', with a wave of the left hand", "'hey, over here', with the left hand waving",
        "'hi there', says the waving left hand", "their left hand moves from side to side in greeting",
    ),
})  # fmt: skip

#: What may be added to a phrase of that content only.
ADDITIONS: dict[str, tuple[str, ...]] = _both_sides({
    "bow": (
        "with a straight back", "with the arms at the sides", "out of respect",
    ),
    "dash": (
        "as fast as possible", "without slowing down", "flat out", "at top speed",
    ),
    "run": (
        "at a steady pace", "in a straight line", "without stopping", "at an easy speed", "straight on",
    ),
    "walk": (
        "in a straight line", "at an even pace", "with the arms swinging", "straight on", "at a normal pace",
        "facing ahead",
    ),
    "walk-back": (
        "facing forward", "while facing forward", "with the eyes ahead", "eyes ahead", "without turning",
        "without turning around", "without looking back", "still looking to the front", "the face to the front",
        "keeping the eyes on the camera", "never turning around", "chest to the front",
    ),
    "walk-left": (
        "facing forward", "while facing forward", "with the eyes ahead", "eyes ahead", "without turning",
        "without turning the body", "without rotating", "still looking to the front", "the chest to the front",
        "keeping the eyes on the camera", "never turning the body", "looking straight ahead", "sideways, not turning",
    ),
    "walk-turn-left": (
        "at the corner", "around the corner", "at the next crossing", "by ninety degrees", "a quarter turn",
        "at the end of the hallway",
    ),
    "raise-up-both-hands": (
        "at the same time", "as high as possible", "and hold them there", "both of them", "palms open",
    ),
    "raise-up-left-hand": (
        "not the right one", "not the right hand", "the right arm hanging down", "while the right arm stays down",
        "the right hand at the side", "as high as possible", "the right one does nothing",
        "leaving the right hand alone",
    ),
    "wave-both-hands": (
        "at the same time", "from side to side", "high above the head", "both of them",
    ),
    "wave-left-hand": (
        "not the right one", "not the right hand", "the right arm hanging down", "while the right arm stays down",
        "the right hand at the side", "from side to side", "the right hand in the pocket",
        "the right one does nothing",
    ),
})  # fmt: skip

#: Who is known for it.
DOERS: dict[str, tuple[str, ...]] = _both_sides({
    "bow": (
        "a butler", "a martial artist", "a pianist", "a host",
    ),
    "bye": (
        "a host", "a departing guest", "a parent at the station",
    ),
    "byebye": (
        "a departing guest", "a fan", "a passenger on a ship",
    ),
    "dance-short": (
        "a dancer", "a ballroom dancer", "a clubber", "a street dancer",
    ),
    "dance-long": (
        "a dancer", "a ballroom dancer", "a clubber", "a street dancer",
    ),
    "dash": (
        "a sprinter", "a thief on the run", "a runner", "a fugitive", "a rugby player",
    ),
    "guide": (
        "a guide", "an usher", "a doorman", "a museum guide", "a hostess",
    ),
    "kick": (
        "a kickboxer", "a karate fighter", "a martial artist", "a fighter",
    ),
    "punch": (
        "a boxer", "a fighter", "a prizefighter", "a brawler",
    ),
    "raise-up-both-hands": (
        "a suspect", "a goal scorer", "a hostage",
    ),
    "raise-up-left-hand": (
        "a voter", "a schoolboy", "a witness", "a referee",
    ),
    "run": (
        "a jogger", "a runner", "a marathon runner", "a footballer",
    ),
    "slash": (
        "a swordsman", "a samurai", "a swordfighter", "a gladiator",
    ),
    "walk": (
        "a pedestrian", "a walker", "a passer-by",
    ),
    "wave-both-hands": (
        "a castaway", "a fan", "a cheerleader",
    ),
})  # fmt: skip

#: Verb phrases for HDM05's classes; the first one names the class most plainly.
HDM05: dict[str, tuple[str, ...]] = {
    "depositFloorR": (
        "*put something down on the floor with the right hand", "*bend down and *place an object on the floor",
        "*set an object on the ground with the right hand", "*stoop to lay something on the floor",
        "*deposit something on the floor", "*lay an object on the ground with the right hand",
        "*lower a box to the floor with the right hand", "*bend over and *set something down on the floor",
        "*put a bag on the floor", "*drop off an item at their feet", "*put down a bag with the right hand",
        "*stoop and *place a cup on the ground", "*crouch to put an item on the floor",
    ),
    "elbowToKnee1RepsLelbowStart": (
        "*bring the elbows to the opposite knees, starting with the left elbow",
        "*touch the left elbow to the right knee and then the other way round",
        "*do standing elbow-to-knee exercises", "*lift the knees to the elbows in turn",
        "*exercise by touching elbow to knee", "*do cross crunches standing up",
        "*bring elbow and knee together in turn", "*touch opposite elbows and knees",
        "*warm up with elbow to knee lifts", "*raise a knee to meet the opposite elbow",
        "*do standing bicycle crunches", "*alternate elbow to knee touches",
    ),
    "grabHighR": (
        "*reach up and *grab something high with the right hand", "*grab something from above with the right hand",
        "*take an object from a high shelf with the right hand", "*stretch up high to get something",
        "*reach high with the right arm and *grab", "*pick something from above with the right hand",
        "*reach above the head for an object with the right hand", "*get a cup from the top shelf",
        "*pick an apple from a tree with the right hand", "*take a book down from a high shelf",
        "*reach up to take an object", "*fetch something from a high place with the right hand",
        "*grasp an item overhead",
    ),
    "hopBothLegs1hops": (
        "*hop once with both legs", "*hop forward on both feet", "*make a small jump with both feet together",
        "*jump with both legs", "*hop", "*hop forward once", "*make a hop", "*jump forward with both feet",
        "*do a small jump", "*do a two-legged hop", "*bounce forward on both legs", "*leap a little with both legs",
        "*spring forward with the feet together", "*hop like a rabbit",
    ),
    "jogLeftCircle4StepsRstart": (
        "*jog in a circle to the left", "*jog along a left curve", "*run slowly in a circle to the left",
        "*jog counterclockwise", "*jog a few steps curving left", "*run counterclockwise",
        "*jog around in a left circle", "*jog in an arc to the left", "*run a curve to the left",
        "*run in a circle, turning left", "*circle to the left at a jog", "*jog a left-hand bend",
        "*jog around to the left",
    ),
    "kickLFront1Reps": (
        "*kick forward with the left leg", "*do a front kick with the left foot",
        "*kick to the front with the left foot", "*kick something ahead with the left leg",
        "*swing the left leg up in a front kick", "*kick straight ahead with the left foot",
        "*kick a ball with the left foot", "*do a front kick with the left leg", "*strike forward with the left foot",
        "*raise the left leg and *kick forward", "*lash out to the front with the left leg",
        "*throw a left front kick", "*kick open a door with the left foot", "with the left leg *kick forward",
    ),
    "lieDownFloor": (
        "*lie down on the floor", "*get down and *lie on the ground", "*go from standing to lying on the floor",
        "*lower themselves to the floor and *lie down", "*lie down", "*lie down to rest on the floor",
        "*lay themselves down on the ground", "*stretch out on the floor", "*get down on the floor",
        "*go to sleep on the floor", "*sink down and *lie flat", "*recline on the ground", "*lie flat on the floor",
    ),
    "rotateArmsBothBackward1Reps": (
        "*rotate both arms backward", "*swing both arms backwards in circles",
        "*make backward arm circles with both arms", "*circle both arms backwards",
        "*warm up the shoulders with backward arm circles", "*rotate the arms backwards",
        "*swing the arms in backward circles", "*whirl both arms backward", "*roll the arms backward",
        "*do backward arm circles", "*loosen the shoulders by circling the arms backwards",
        "*spin both arms backwards like a windmill",
    ),
    "sneak2StepsLStart": (
        "*sneak forward", "*sneak along on tiptoe", "*creep forward quietly", "*tiptoe forward stealthily",
        "*take sneaky steps", "*sneak up on somebody", "*walk on tiptoe", "*move stealthily", "*creep along",
        "*steal forward without a sound", "*sneak like a thief", "*prowl forward", "*tiptoe past a sleeping dog",
        "*step softly not to be heard", "*move in stealth",
    ),
    "squat1Reps": (
        "*do a squat", "*squat down and *stand up again", "*bend the knees into a squat", "*squat once",
        "*perform a squat exercise", "*crouch down and *rise again", "*squat", "*lower the hips and *come up again",
        "*go down into a squat and *stand up", "*do a knee bend", "*do one squat", "*train the legs with a squat",
        "*bend both knees deeply and *straighten up", "*dip down and *rise",
    ),
    "throwBasketball": (
        "*throw a basketball", "*shoot a basketball", "*throw a ball with both hands", "*take a basketball shot",
        "*throw a ball at a hoop", "*shoot at the basket", "*shoot hoops", "*take a jump shot", "*toss a basketball",
        "*throw a ball into the basket", "*aim at the hoop and *throw the ball", "*make a free throw",
        "*pass a basketball",
    ),
}  # fmt: skip
