"""Who does it, how, where and when: the words around a phrase. None of them says what is done."""

from __future__ import annotations

#: Who does it, most often.
COMMON: tuple[str, ...] = (
    "a person", "someone", "a person", "the person", "somebody", "a figure", "the character", "a human", "a man",
    "he", "a woman", "she", "an actor", "a guy", "the avatar",
)  # fmt: skip

#: Who does it, now and then: nobody who is known for a style or for one of the actions.
PEOPLE: tuple[str, ...] = (
    "a student", "a tourist", "a waitress", "a waiter", "a teacher", "a nurse", "a doctor", "a chef", "a cook",
    "a farmer", "a builder", "a plumber", "a clerk", "a cashier", "a shopkeeper", "a mechanic", "a postman",
    "a police officer", "a policeman", "a policewoman", "a firefighter", "a pilot", "a flight attendant", "a sailor",
    "a bus driver", "a taxi driver", "a gardener", "a baker", "a barber", "a hairdresser", "a librarian", "a lawyer",
    "an engineer", "a scientist", "an astronaut", "a journalist", "a photographer", "a painter", "a musician",
    "a singer", "a coach", "an athlete", "a customer", "a guest", "a visitor", "a neighbour", "a colleague",
    "a friend", "a businessman", "a businesswoman", "an employee", "a worker", "a manager", "a secretary",
    "a receptionist", "a security guard", "a guard", "a hiker", "a traveller", "a passenger", "a commuter",
    "a fisherman", "a carpenter", "an electrician", "a dentist", "a programmer", "a hero", "a heroine", "a knight",
    "a wizard", "a witch", "a pirate", "a ninja", "a robot", "an android", "an alien", "a villager", "an innkeeper",
    "a merchant", "an adventurer", "an archer", "an elf", "a dwarf", "a monk", "an NPC", "the NPC", "a player",
    "the player", "the player character", "the main character", "the hero", "a game character", "a 3D character",
    "a virtual character", "a digital human", "a cartoon character", "a stick figure", "a mannequin", "a humanoid",
    "a humanoid robot", "the protagonist", "an avatar", "my avatar", "my character", "our hero", "the figure",
    "the man", "the woman", "the actor", "an actress", "this person", "one person", "a single person", "an adult",
    "a male figure", "a female figure", "a male character", "a female character", "a stranger", "a citizen",
    "a volunteer", "a dad", "a mother", "a father", "an uncle", "an aunt", "my neighbour", "my friend Tom", "Anna",
    "Tom", "Maria", "the teacher", "the waiter", "the guard", "a detective", "a spy", "a husband", "a wife",
)  # fmt: skip

#: All of them.
SUBJECTS = COMMON + PEOPLE

#: What may be told about anybody.
DETAILS: tuple[str, ...] = (
    "in a blue jacket", "with long hair", "with glasses", "wearing headphones", "in a suit", "from the village",
    "who works at the bank", "who has just moved here", "in the first row", "with a red hat", "of average height",
    "from the office next door", "in a grey sweater", "with a ponytail", "with a badge on the chest",
    "who sells flowers", "who lives next door", "from the third floor", "in a white shirt",
    "who speaks little English", "from another town", "in the picture", "on the poster",
)  # fmt: skip

#: Who does it, where the style is told by that.
STYLED_SUBJECTS: dict[str, tuple[str, ...]] = {
    "active": (
        "an energetic person", "a lively person", "an active person", "a dynamic woman", "a vigorous man",
        "a bundle of energy", "an energetic student", "a person full of energy", "a lively woman",
    ),
    "angry": (
        "an angry person", "a furious man", "an angry man", "an angry woman", "a furious person",
        "an irritated customer", "a mad guy", "an angry boss", "someone angry", "an enraged person",
    ),
    "childish": (
        "a child", "a kid", "a little boy", "a little girl", "a little kid", "a small child", "a toddler", "a boy",
        "a childish person", "a playful kid",
    ),
    "chimpira": (
        "a thug", "a gangster", "a punk", "a street punk", "a hoodlum", "a bully", "a small-time gangster",
        "a yakuza", "a street thug", "a swaggering guy",
    ),
    "elderly": (
        "an old man", "an elderly person", "an old woman", "a grandfather", "a grandmother", "an old lady",
        "an aged person", "a very old man", "a senior", "an old person", "grandpa", "an elderly woman",
    ),
    "exhausted": (
        "an exhausted person", "a worn out man", "an exhausted woman", "a worn out person",
        "a completely drained person", "an exhausted worker", "someone exhausted", "a spent man",
        "an exhausted traveller", "a person at the end of their strength",
    ),
    "feminine": (
        "a woman", "a girl", "a lady", "a young lady", "a feminine person", "a ladylike person", "a graceful woman",
        "an elegant lady", "a princess", "a feminine woman", "a fashion model",
    ),
    "giant": (
        "a giant", "a huge giant", "a colossus", "a titan", "an ogre", "a troll", "a gigantic creature",
        "an enormous giant", "a giant monster", "a huge heavy giant",
    ),
    "happy": (
        "a happy person", "a cheerful person", "a happy man", "a happy woman", "a joyful person", "a merry fellow",
        "someone happy", "a delighted woman", "a glad person", "a cheerful girl",
    ),
    "masculine": (
        "a man", "a strong man", "a macho", "a manly man", "a muscular man", "a masculine man", "a tough guy",
        "a virile man", "a he-man", "a masculine person",
    ),
    "masculinity": (
        "a man", "a strong man", "a macho", "a manly man", "a muscular man", "a masculine man", "a tough guy",
        "a virile man", "a he-man", "a masculine person",
    ),
    "musical": (
        "a musical performer", "a stage performer", "a musical actor", "an opera singer", "a Broadway performer",
        "a theatrical person", "a musical star", "a stage actor", "a dramatic performer",
    ),
    "not-confident": (
        "a shy person", "a timid person", "an insecure person", "an unsure person", "a nervous man", "a shy girl",
        "a bashful boy", "someone shy", "a timid student", "a hesitant person",
    ),
    "old": (
        "an old man", "an elderly person", "an old woman", "a grandfather", "a grandmother", "an old lady",
        "an aged person", "a very old man", "a senior", "an old person", "grandpa", "an elderly woman",
    ),
    "proud": (
        "a proud person", "a proud man", "a proud woman", "a proud winner", "someone proud", "a haughty person",
        "a proud king", "a proud champion", "an arrogant man", "a conceited person",
    ),
    "sad": (
        "a sad person", "a dejected man", "a sad man", "a sad woman", "a sorrowful person", "an unhappy person",
        "someone sad", "a depressed man", "a gloomy person", "a mourning woman",
    ),
    "tired": (
        "a tired person", "a weary man", "a tired man", "a tired woman", "a sleepy person", "a weary person",
        "someone tired", "a tired worker", "a drowsy man", "a fatigued person",
    ),
    "youthful": (
        "a young person", "a teenager", "a young man", "a young woman", "a youngster", "a young man of twenty",
        "an adolescent", "a teenage boy", "a teenage girl", "a youthful person",
    ),
}  # fmt: skip

#: How a style is said, put behind the phrase or in front of the sentence; a neutral performance needs no words.
STYLES: dict[str, tuple[str, ...]] = {
    "active": (
        "energetically", "actively", "with a lot of energy", "in a lively way", "full of energy", "vigorously",
        "in an energetic manner", "as if full of power", "with great vigour", "in a dynamic way", "dynamically",
        "in high gear", "like someone bursting with energy", "the energetic way", "with plenty of drive",
        "in an active way", "eagerly and energetically", "with lots of pep",
    ),
    "angry": (
        "angrily", "in an angry mood", "with anger", "furiously", "in anger", "in an angry way", "in an angry manner",
        "as if furious", "in a rage", "like someone who is angry", "boiling with anger", "full of rage",
        "in a bad temper", "as if mad at somebody", "feeling angry", "really mad", "with fury", "the angry way",
    ),
    "childish": (
        "like a child", "childishly", "playfully, like a kid", "in a childish way", "in a childish manner",
        "as if still a kid", "like a kid", "like a little boy", "like a little kid at play", "the way children do",
        "as children do", "as if five years old", "in a childlike manner", "like a small child",
        "just like a toddler",
    ),
    "chimpira": (
        "like a thug", "like a street punk", "with a swagger", "like a gangster", "like a street thug",
        "like a hoodlum", "like a punk", "in a thuggish way", "swaggering like a gangster",
        "as if looking for trouble", "like a small-time crook", "like a bully", "in a tough street manner",
        "like a yakuza", "with a rough gangster attitude", "the gangster way",
    ),
    "elderly": (
        "like an old person", "like an elderly person", "slowly, with old age", "like a grandfather",
        "like a grandmother", "like someone very old", "as if ninety years old", "as old people do",
        "with stiff old joints", "frail with age", "in an elderly manner", "like a senior citizen",
        "as if bent by age", "the way old folks do", "like a very aged person", "slow with age",
    ),
    "exhausted": (
        "while exhausted", "as if worn out", "without any energy", "tiredly", "completely exhausted",
        "as if about to collapse", "exhaustedly", "totally drained", "like someone at the end of their strength",
        "barely able to go on", "worn out after a marathon", "dead tired", "in an exhausted manner",
        "with the last bit of strength", "utterly spent", "as if all strength were gone", "on the verge of collapse",
    ),
    "feminine": (
        "in a feminine way", "gracefully, like a woman", "in a feminine manner", "like a woman", "like a lady",
        "in a ladylike manner", "femininely", "with feminine grace", "elegantly, like a lady", "in a womanly way",
        "the way a woman does", "like a girl", "in a girlish manner", "as a lady would", "with a feminine touch",
        "like a fashion model",
    ),
    "giant": (
        "like a giant", "heavily, like a giant", "with heavy movements", "like a huge giant", "as if ten meters tall",
        "like a titan", "as if weighing tons", "ponderously, like a giant", "like a colossus", "in a giant manner",
        "the way giants do", "hugely, as a giant would", "with giant heavy limbs", "like an enormous troll",
        "as if huge and heavy", "like a gigantic monster",
    ),
    "happy": (
        "happily", "in a happy mood", "cheerfully", "with joy", "joyfully", "in a happy way", "in a happy manner",
        "full of joy", "in a good mood", "as if very happy", "like someone who got good news", "merrily", "gladly",
        "beaming with happiness", "as if the luckiest person alive", "feeling great", "in high spirits",
        "with a smile",
    ),
    "masculine": (
        "in a masculine way", "in a manly way", "in a masculine manner", "like a man", "like a real man",
        "in a macho way", "with manly strength", "the way a man does", "as a tough guy would", "in a virile manner",
        "manfully", "like a macho", "with masculine force", "in a male manner", "like a tough guy",
    ),
    "masculinity": (
        "in a masculine way", "in a manly way", "in a masculine manner", "like a man", "like a real man",
        "in a macho way", "with manly strength", "the way a man does", "as a tough guy would", "in a virile manner",
        "manfully", "like a macho", "with masculine force", "in a male manner", "like a tough guy",
    ),
    "musical": (
        "as if in a musical", "theatrically", "like a stage performer", "like in a musical",
        "as if on a Broadway stage", "as in a musical", "like a musical actor", "in a theatrical way",
        "in a theatrical manner", "in musical style", "with stage drama", "as if singing on stage",
        "with theatrical flair", "in a dramatic stage manner", "like the star of a musical",
        "like someone in an opera",
    ),
    "normal": (
        "", "", "", "", "", "", "", "", "normally", "casually", "in a normal way", "in an ordinary way", "as usual",
        "naturally", "in a natural manner", "like anybody would", "the usual way", "in a neutral manner", "plainly",
        "in a regular way", "like an average person",
    ),
    "not-confident": (
        "without confidence", "timidly", "shyly", "hesitantly", "unsure of themselves", "insecurely",
        "in a shy manner", "in an insecure way", "with little confidence", "nervously", "as if afraid to be seen",
        "like a shy person", "as if not sure", "unconfidently", "with self-doubt", "in a hesitant way",
        "lacking confidence", "the shy way", "bashfully",
    ),
    "old": (
        "like an old person", "like an elderly person", "slowly, with old age", "like a grandfather",
        "like a grandmother", "like someone very old", "as if ninety years old", "as old people do",
        "with stiff old joints", "frail with age", "in an elderly manner", "like a senior citizen",
        "as if bent by age", "the way old folks do", "like a very aged person", "slow with age",
    ),
    "proud": (
        "proudly", "with pride", "with the chest out", "full of pride", "in a proud way", "in a proud manner",
        "like a winner", "with the head held high", "as if just crowned", "haughtily", "like a king", "feeling proud",
        "with a swollen chest", "boastfully", "like someone who won a medal", "the proud way",
        "with great self-esteem",
    ),
    "sad": (
        "sadly", "in a sad mood", "dejectedly", "in a sad way", "in a sad manner", "full of sorrow", "sorrowfully",
        "gloomily", "as if about to cry", "with a heavy heart", "feeling down", "like someone who lost a friend",
        "mournfully", "with the head hanging", "unhappily", "in low spirits", "depressed", "in grief", "the sad way",
    ),
    "tired": (
        "while tired", "wearily", "tiredly", "sleepily", "in a tired way", "in a tired manner", "as if sleepy",
        "as if after a long day", "like someone who needs sleep", "fatigued", "feeling tired", "with tired limbs",
        "after a long hard day", "as if short of sleep", "drowsily", "a bit weary", "the tired way",
    ),
    "youthful": (
        "youthfully", "like a young person", "with youthful energy", "like a teenager", "like a youngster",
        "in a youthful way", "in a youthful manner", "as if young again", "with the freshness of youth",
        "like someone in their teens", "with a youthful spring", "the way young people do", "like a young athlete",
        "with young, light movements", "as youngsters do",
    ),
}  # fmt: skip

#: Where, when and what for: put behind the phrase.
TRAILS: tuple[str, ...] = (
    "in the hallway", "at the station", "on the street", "in the park", "in the kitchen", "in the office",
    "at school", "in the garden", "at the airport", "on a stage", "in a studio", "in the living room",
    "at the bus stop", "on the beach", "in the market", "in front of the house", "in a shopping mall", "in the lobby",
    "at the front desk", "in the museum", "by the window", "near the fountain", "next to the car",
    "behind the counter", "in the yard", "on the platform", "at the harbour", "in the gym", "on the sidewalk",
    "in an empty room", "in a big hall", "in the village square", "at the castle gate", "in the forest",
    "on a rooftop", "in the throne room", "in the dungeon", "in the arena", "in a parking lot", "in the classroom",
    "at the zoo", "near the bridge", "outside the cafe", "in the tavern", "on the field", "in a spaceship",
    "under a big tree", "in the middle of the room", "in the snow", "in the rain", "at the gas station",
    "in the corridor", "in the hospital", "in the restaurant", "at the hotel", "on the balcony", "in the courtyard",
    "at the festival", "in the temple", "in a warehouse", "at the border", "near the river", "at the playground",
    "in the library", "at a wedding", "during the break", "after the meeting", "before the show",
    "at the end of the scene", "in the opening scene", "in the evening", "in the morning", "on a sunny day",
    "at night", "after dinner", "during a visit", "at the company event", "on the first day of school",
    "at the birthday of a friend", "in the last scene of the film", "in the cutscene", "in the tutorial level",
    "after the phone call", "before the match", "for the camera", "for a game", "in the game", "for the film",
    "for a short film", "for a commercial", "for the demo", "for the recording", "for motion capture",
    "for a few seconds", "for a moment", "for a while", "once more", "again", "as seen from the front", "in one take",
    "in the background", "in the foreground", "as in everyday life", "as the script says", "as the director asked",
    "for my project", "for the trailer", "in place of the stand-in", "in a loop", "in a VR scene", "on the screen",
    "in a simple room without furniture", "with nobody around", "while others watch", "in front of some people",
    "in front of a mirror", "wearing a blue jacket", "in a red coat", "wearing jeans", "with a hat on", "in sneakers",
    "in uniform", "with a backpack on", "for the tutorial", "for the intro", "for a music video", "for my class",
    "as the customer wants it",
)  # fmt: skip

#: Put in front of the sentence, as places are.
LEADS: tuple[str, ...] = (
    "when the bell rings", "as soon as the light goes on", "after the rain stops", "while it rains outside",
    "while the coffee is brewing", "when the curtain opens", "as the sun sets", "when the train arrives",
    "when the doors open", "after the film is over", "because the shop is closed", "since nobody is at home",
    "although it is late", "when the clock strikes twelve", "after a short pause", "as the camera pans",
    "when the scene starts", "before the credits roll", "after reading the letter", "after a look at the phone",
    "as the story begins", "when the quest starts", "when the player presses the button", "on a cold winter morning",
    "one summer evening", "one day in spring", "without saying a word", "with a quick glance at the clock",
    "in the first shot", "in the next scene", "in this clip", "suddenly", "now", "meanwhile", "at last", "as always",
    "for no reason", "while the neighbours watch", "when the phone rings", "after the teacher speaks",
    "while the others talk", "as the bus drives by", "when it is finally time", "when the guests arrive",
    "just before noon", "during the lunch break", "while the kettle boils", "after losing the keys",
    "after paying the bill", "after closing the laptop",
    "although the manager said that the shop would stay open until nine",
    "while the others still talk about what to eat for dinner", "after the news that the meeting is on Thursday",
    "when the announcement says that the train is delayed by an hour",
    "since the letter from the bank has arrived at last", "after the new neighbours have unpacked all of their boxes",
    "while a cat sleeps on the sofa and the radio plays the news",
    "because the lift is out of order again and nobody can fix it", "when the game master announces the next round",
    "as the rain drums on the roof of the old barn", "while two colleagues discuss the weather forecast",
    "as soon as the director says 'action'", "in the hallway", "at the station", "on the street", "in the park",
    "in the kitchen", "in the office", "at school", "in the garden", "at the airport", "on a stage", "in a studio",
    "in the living room", "at the bus stop", "on the beach", "in the market", "in front of the house",
    "in a shopping mall", "in the lobby", "at the front desk", "in the museum", "by the window", "near the fountain",
    "next to the car", "behind the counter", "in the yard", "on the platform", "at the harbour", "in the gym",
    "on the sidewalk", "in an empty room", "in a big hall", "in the village square", "at the castle gate",
    "in the forest", "on a rooftop", "in the throne room", "in the dungeon", "in the arena", "in a parking lot",
    "in the classroom", "at the zoo", "near the bridge", "outside the cafe", "in the tavern", "on the field",
    "in a spaceship", "under a big tree", "in the middle of the room", "in the snow", "in the rain",
    "at the gas station", "in the corridor", "in the hospital", "in the restaurant", "at the hotel", "on the balcony",
    "in the courtyard", "at the festival", "in the temple", "in a warehouse", "at the border", "near the river",
    "at the playground", "in the library", "at a wedding", "during the break", "after the meeting", "before the show",
    "at the end of the scene", "in the opening scene", "in the evening", "in the morning", "on a sunny day",
    "at night", "after dinner", "during a visit", "at the company event", "on the first day of school",
    "at the birthday of a friend", "in the last scene of the film", "in the cutscene", "in the tutorial level",
    "after the phone call", "before the match",
)  # fmt: skip

#: Sentences that go before.
SCENES: tuple[str, ...] = (
    "the park is quiet", "it is a sunny day", "it is late in the evening", "the street is empty",
    "the shop is about to close", "the room is full of people", "the train is late again",
    "the film starts with a wide shot", "it is the first day of the holidays", "the game begins in a small village",
    "the office is almost empty", "snow is falling outside", "the camera is on", "the kids are at school",
    "dinner is ready", "the phone has been ringing all day", "the hall is dark and silent",
    "it smells of fresh bread", "the bus has just gone", "a clock is ticking on the wall", "the market is busy today",
    "there is a big tree near the house", "it has rained all day", "the meeting has just ended", "the stage is empty",
    "the coffee machine is broken and everybody complains about it", "the shop sells shoes, bags and umbrellas",
    "my sister took this video last summer in a small town by the sea", "the client wants the animation by Friday",
    "this is for the second level of our game", "the hero has just found the key to the old castle",
    "there are many people around, but nobody looks", "the weather is nice and the windows are open",
    "yesterday the new boss introduced herself to the whole team", "the restaurant on the corner has a new menu",
    "I need this for a school project", "the character is a simple villager without a name",
)  # fmt: skip
