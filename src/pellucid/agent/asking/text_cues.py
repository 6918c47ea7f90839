"""Cues of questions about texts: translate, reword, write, explain, chat."""

from pellucid.agent.asking.cues import begins, every, says, some, without
from pellucid.agent.reading.patterns import one_of

_TONGUE = one_of(
    """english german french spanish italian portuguese dutch swedish norwegian danish finnish
    polish czech russian ukrainian turkish greek arabic hebrew hindi chinese mandarin japanese
    korean latin vietnamese thai indonesian swahili hungarian romanian deutsch englisch
    französisch spanisch anglais allemand espagnol français inglés alemán francés español"""
)
TRANSLATION = some(
    begins(
        r"(?:translat|übersetz|trad(?:ui|uz|uc)|localize)\w*",
        rf"how (?:do|would|can|does) (?:you|i|one|we) say\b.{{0,300}}\bin {_TONGUE}",
        r"wie (?:sagt man|heißt)\b.{0,300}\bauf \w+|comment (?:dit-on|on dit)\b|cómo se dice\b",
        rf"{_TONGUE} (?:for|translation)\b|ins {_TONGUE}e\b|{_TONGUE}: ",
        rf"(?:what|say|write|put|give)\b.{{0,300}}\b(?:in|into) {_TONGUE}\b",
    ),
    says(
        rf"[\"'»”].{{0,10}}\b(?:in|into|auf|en) {_TONGUE}\b|\b{_TONGUE} for\b|\bübersetzen\b",
        rf"\b(?:translate|render|put)\b.{{0,200}}\b(?:to|into|in) {_TONGUE}\b",
        r"\btranslate (?:this|that|it|the (?:above|following|text|sentence))\b",
        r"\bübersetze?\b.{0,200}\bins\b|\btradui[st]\w*\b.{0,200}\ben\b",
    ),
)

_THIS = r"(?:this|that|it|the|my|these)\b"
_REPHRASE = one_of(
    """summari[sz]e sum_up condense shorten paraphrase rephrase reword rewrite proofread edit
    polish simplify_(?:this|the|my|it) expand_this tl;?dr as_bullet_points remove_the_jargon
    formulier\\w* korrigier\\w* verbesser\\w* résum\\w+ reformul\\w+ corrige\\w* resum\\w+
    reescrib\\w+"""
)
_MANNER = one_of(
    """formal polite\\w* short\\w* friendl\\w+ concise casual professional clear\\w* simpl\\w+
    readable funn\\w+ persuasive"""
)
_SHAPE = one_of(
    """passive active_voice formal past_tense bullet email haiku poem limerick tweet headline
    question plain_english paragraph letter story poem"""
)
_LANGUAGE_ERRORS = one_of(
    """grammar spelling typos punctuation wording tone sentence paragraph email essay text letter
    english style"""
)
_ABSTRACT = one_of(
    "sentiment tone main_idea main_point main_topic topic key_points takeaways theme gist"
)
REWORDING = some(
    begins(
        rf"{_REPHRASE}\b|fasse?\b.{{0,80}}\bzusammen",
        r"(?:correct|fix|improve|check) (?:the |my |this |any |all )*(?:\w+ )?"
        rf"{_LANGUAGE_ERRORS}\b",
        rf"make {_THIS}.{{0,60}}\b{_MANNER}\b|change the .{{0,40}} in (?:this|the following)\b",
        r"(?:minutes|notes|text|this|email|draft) (?:to|into|as) (?:a )?(?:summary|bullets?"
        r"|prose)\b",
        r"(?:give|find) (?:this|the) (?:text|article|paragraph|story|post) an? \w+",
        r"short(?:er)?(?: version)?(?:,? please)?:|(?:key|main) points\b|takeaways\b",
        r"make (?:an? |one )?(?:single )?(?:sentence|paragraph|title|list) (?:out of|from)\b",
        r"(?:change|replace) [\"'“].{1,40}[\"'”] (?:to|with|by|into)\b|(?:more|less) \w+:",
        rf"(?:turn|convert|change|put) {_THIS}.{{0,60}}\b{_SHAPE}\b",
        rf"(?:extract|find|identify|classify|what is)\b.{{0,40}}\b{_ABSTRACT}\b",
    ),
    says(
        r"\b(?:summari[sz]e|paraphrase|rephrase|reword|rewrite|proofread|shorten) "
        r"(?:this|that|it|the (?:above|following|text|article|paragraph|passage|sentence)|my)\b",
    ),
)

_COMPOSE = one_of(
    """write compose draft create generate make_up give_me tell_me tell come_up_with invent craft
    suggest design plan schreib\\w* verfass\\w* erzähl\\w* écri\\w+ rédig\\w+ racont\\w+
    escrib\\w+ redact\\w+ cuénta\\w* invent\\w+"""
)
_PIECE = one_of(
    """poems? story stories tale essay e-?mails? letter haikus? limerick song lyrics verse rap
    tweets? posts? caption slogans? taglines? headlines? blog article paragraphs? speech toast
    mail jokes? riddles? dialogue text vows einladung lettre scene screenplay review description
    bio biography resume message note invitation card announcement press_release advert\\w* ad
    product outline introduction conclusion sentences? names? itinerary recipe word_problem quiz
    questions summary report status_update cover_letter memo menu workout eulogy apology complaint
    thank-you wish\\w*
    gedicht geschichte brief witz poème histoire lettre blague discours poema historia cuento
    carta chiste discurso"""
)
_WORK = one_of(
    """poem story tale essay e-?mail mail letter haiku limerick song lyrics verse rap tweet post
    caption slogan tagline headline blog_post article speech toast jokes? riddle dialogue quote
    screenplay bio cover_letter invitation announcement press_release ad
    (?:ad|product|sales|website|congratulation)_text outline itinerary description quiz
    discussion_questions titles summary eulogy apology vows note gedicht geschichte brief
    einladung rede witz poème histoire lettre invitation discours poema historia cuento carta
    chiste discurso subject_line"""
)
WRITING = begins(
    rf"{_COMPOSE}\b.{{0,90}}?\b{_PIECE}\b",
    rf"(?!(?:\w+ )?letters? of (?:every|each|the))(?:[\w'-]+ ){{0,3}}?{_WORK}(?:,|:| (?:about|for"
    rf"|to|on|of|from|in|where|with|über|an|zum|zur"
    r"|für|sur|pour|sobre|para|de)\b)",
)

_TALE = one_of(
    """story stories tale diary journal novel thriller scene chapter monologue dialogue poem song
    lyrics screenplay memoir fairy_tale legend fable"""
)
FICTION = some(
    begins(
        rf"{_COMPOSE}\b.{{0,60}}?\b{_TALE}\b",
        r"(?:pretend|role-?play|play the (?:role|part)|act (?:as|like)|speak as|talk like)\b",
    ),
    says(r"\bin the first person\b|\b(?:perspective|point of view|voice) of an?\b"),
)
"""What is told in the first person of somebody who is made up."""

EXPLAINED = begins(
    r"(?:explain|describe|discuss|define|tell me (?:about|an?|why|how|something)|why"
    r"|what(?:'s| is) (?:the )?(?:meaning|purpose|point)|what does .{1,40} (?:mean|stand for)"
    r"|erklär\w*|beschreib\w*|warum|wieso|was (?:ist|sind|bedeutet) (?!\d)"
    r"|expliqu\w+|décri\w+|pourquoi|explic\w+|describ\w+|por qué)\b"
)
OPINION = says(
    r"^(?:is|are)\b.{0,80}\bbetter\b(?! deal| value| buy)",
    r"\b(?:what do you think|do you (?:think|believe|like|prefer|enjoy|feel)"
    r"|your (?:opinion|view|thoughts|favou?rite|take)|would you (?:rather|take|choose|accept)"
    r"|really (?:better|worth)|in your opinion"
    r"|(?:what|which)(?:'s| is| one is) better(?! deal| value| buy| price)"
    r"|what would you (?:think|do|say|pick|choose|go for)"
    r"|which do you prefer|(?<!what )is it (?:ethical|moral|wrong|okay|ok|rude|weird|worth)"
    r"|do you agree|agree or disagree|convince me|was (?:denkst|hältst|meinst) du"
    r"|deine meinung|que penses-tu|qu'en penses|ton avis|qué (?:piensas|opinas)|tu opinión)\b",
)
_HOW_DO_I = one_of(
    """get stop start learn improve deal make become stay feel tell be prepare avoid clean cope ask
    talk sleep lose build train cook grow keep"""
)
ADVICE = says(
    r"\b(?:should (?:i|we)|advice|any tips|recommend\w*|suggest\w*|what would you do"
    rf"|how (?:do|can|should|could) i {_HOW_DO_I}|best way to|good (?:idea|gift|present|choice)"
    rf"|any ideas|ideas (?:for|where|what|how)"
    r"|is it (?:safe|normal|healthy|good|bad|enough|possible)"
    r"|too (?:old|young|late|early|much|many)|how (?:long|much|many|often) (?:\w+ )?should"
    r"|enough (?:for|to)"
    r"|how long do i (?:bake|boil|cook|roast|grill|steam|fry|wait))\b"
)
_GREETING = one_of(
    """how_are_you how's_it_going what's_up good_morning good_evening good_night good_afternoon
    nice_to_meet who_are_you what's_your_name what_is_your_name are_you did_you do_you
    my_name_is thank bye see_you tell_me_a_joke lol haha wow cool nice sorry yes no yep nope
    wie_geht guten_morgen guten_tag guten_abend hallo danke bonjour merci ça_va comment_vas
    comment_allez comment_ça hola gracias qué_tal buenos buenas"""
)
SMALL_TALK = some(
    begins(rf"{_GREETING}\b"),
    every(
        begins(r"i(?:'m| am| feel| just| had| have been|'ve been| love| hate)\b"),
        without(says(r"\bhow (?:many|much|long|old|far)\b|\b(?:calculate|compute|total)\b")),
    ),
)
