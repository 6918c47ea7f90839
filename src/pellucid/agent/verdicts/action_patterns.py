"""How an answer says that something was done: one pattern for each way of saying it.

A pattern names the kind of deed that must have happened for the sentence to be true.
First-person patterns spell out the auxiliaries they accept ("I have just run"), so that
"I would run", "I cannot run" and "I have not run" do not match to begin with.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pellucid.agent.reading.prose import word_set

Deed = Literal[
    "run",
    "passed",
    "calculator",
    "search",
    "open",
    "read",
    "change",
    "own",
    "check",
    "act",
    "memory",
]
"""run: any execution; passed: one that ended well; calculator: one whose output holds the
number; search, open, read: a tool of that kind; change: a tool or a program that changes
something outside; own: a machine of the model's own, which there never is; check: anything
executed or called that can have checked something; act: anything executed or called; memory:
another conversation, of which there is no memory."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One way of claiming a deed; `figure` asks for a number in the same sentence.

    Without one of its `words` (in lower case) a sentence cannot match, which spares most
    sentences the pattern.
    """

    deed: Deed
    pattern: re.Pattern[str]
    words: frozenset[str]
    figure: bool = False


_ADVERB = r"""(?:(?:\s+|-)(?:just|also|then|already|actually|quickly|now|first|even|double|again
    |personally|successfully|manually|carefully|indeed|simply|briefly|currently|both|wrote\sand
    |went\sahead\sand|gone\sahead\sand|went\sand|created\sand))*"""
_I = rf"""\b(?:I|we)(?:['’](?:ve|m|re|d)|\s+(?:have|had|did|am|was|are|were))?{_ADVERB}\s+"""
_DET = r"""(?:(?:the|this|that|these|those|your|my|our|a|an|some|both|all|each|every|of|following
    |above|same|small|quick|short|simple|little|python|updated|corrected|modified|new|given
    |provided|resulting|full|complete|entire|final|own|first|few|second|two|three|several|multiple
    |exact|original|sample|unit|test|monte|carlo|actual|numerical|sql|shell|brute-force|\d+)
    \s+){0,6}"""
_NOUN = r"""(?:(?:code|programs?|scripts?|snippets?|functions?|commands?|cells?|notebook|tests?
    |test\s+suite|test\s+cases|simulations?|calculations?|computations?|quer(?:y|ies)|numbers
    |python|sql|examples?|analysis|benchmarks?|algorithm|loop|checks?|experiments?|implementation
    |solution|versions?|variants?|fix|patch|regex|(?:regular\s+)?expression|pipeline|method|model
    |build|migration|linter)\b
    |`[^`\n]+`
    |(?:it|this|them|that|everything)\b(?=\s*(?:[.,;:!?)—-]|$|\s(?:and|to|in|on|with|through
        |using|for|again|locally|myself|several|multiple|a\sfew|twice|once|against|before|but|so
        |as)\b)))"""
CODE = rf"(?:{_DET}{_NOUN})"
_TOOL = r"""(?:(?:a|an|the|my|some|our)\s+)?
    (?:(?:quick|small|short|simple|little|python|computer|custom|online)\s+){0,4}
    (?:python|code|program|script|numpy|sympy|pandas|wolfram\s?alpha|matlab|excel|spreadsheet
    |tester|validator|linter|compiler|solver|debugger|computer|interpreter|code\s+interpreter|sandbox|terminal|repl|jupyter|notebook|simulation)\b
    (?!['’]s\b|\s+(?:because|since|as\s+it|syntax|lists?|dict\w*|functions?|blocks?|fences?|class\w*|style
        |that\s+you))"""
_FOUND = r"""(?:verified|checked|confirmed|tested|validated|double-checked|cross-checked|computed
    |calculated|found|got|obtained|determined|worked|solved|evaluated|counted|did|made\s+sure
    |ensured|arrived|derived|added|subtracted|multiplied|divided|know|measured|proved)\b"""
_GAP = r"(?:[^.!?;\n]|\.(?=\d)){0,80}?"
_RESULT = r"""(?:gives?|gave|yields?|yielded|prints?|printed|produces?|produced|returns?|returned
    |outputs?|shows?|showed|displays?|displayed|results?\s+in|resulted\s+in|confirms?|confirmed
    |reveal\w*
    |(?:I|we)\s+(?:get|got|find|found|see|saw|obtain|obtained|can\s+confirm|observed?)
    |the\s+(?:\w+\s+)?(?:output|result|answer|total|value|sum|difference|product)\s+
        (?:is|was|came))\b"""
_SAYS = r"""(?:displays?|displayed|shows?|showed|gives?|gave|says?|said|reads?|returns?|returned
    |reports?|reported|outputs?|indicates?|indicated|tells?|told)\b"""
_NOT_MADE = r"""(?!(?:wrote|written|created|made|built|designed|defined|drafted|described|explained
    |assumed|included|suggested|recommended|mentioned|listed|added|need|know|have|had|think|like)\b)"""
_CALCULATOR = r"""(?:(?:a|the|my|an|our|any)\s+)?(?:(?!not\b|no\b)[\w-]+\s+){0,2}calculator\b"""
_PAGE = r"""(?:(?:(?:the|your|this|that|a|an|its|their|official|linked|following|relevant)
        \s+){0,4}
    (?:[\w.-]+\s+){0,2}?(?:page|webpage|web\s+page|website|site|url|links?|articles?|blog\s+post
    |documentation|docs|homepage|repository|repo|wikipedia|wiki)\b|https?://\S+)"""
_FILE = r"""(?:(?:the|your|this|that|all|each|both|attached|uploaded|provided|entire|whole|of
        |input)\s+){0,5}
    (?:[\w.-]+\s+){0,2}?(?:files?|documents?|attachments?|spreadsheets?|csv|pdf|images?|pictures?
    |photos?|screenshots?|datasets?|data\s+set|logs?|reports?|database|codebase|source\s+code
    |contract|paper)\b
    (?!\s+(?:format|object|handle|names?|path))"""
_WEB = r"(?:web|online|google|internet)"


def _say(deed: Deed, pattern: str, words: frozenset[str], figure: bool = False) -> Saying:
    """A saying; one in the first person needs no other words than that."""
    words = _FIRST_PERSON if pattern.startswith(_I) else words
    return Saying(deed, re.compile(pattern, re.IGNORECASE | re.VERBOSE), words, figure)


_FIRST_PERSON = frozenset({"i", "we"})
_RUN_WORDS = word_set(
    """
    having run ran executed tested compiled code script program command query test snippet cell
    codes scripts programs commands queries tests snippets cells
    """
)
_PASSED_WORDS = word_set(
    """
    running rerunning executing reexecuting run runs executed execution tested testing retesting
    trying output program code script snippet interpreter terminal console simulation sandbox repl
    programs scripts simulations test tests interpreters python
    """
)
_CALCULATOR_WORDS = word_set("calculator python code script program interpreter")
_SEARCH_WORDS = word_set("search searches research web")
_PAGE_WORDS = word_set("page webpage site website article")
_READ_WORDS = word_set(
    """
    reading reviewing examining checking opening looking analyzing analysing inspecting going
    attached uploaded
    """
)


_RUNNING = (
    rf"""{_I}(?:[a-z]+(?:ed|d)\s+and\s+)?(?:re-?|stress-?|smoke-?|unit-?)?(?:ran|run|running|execut(?:ed?|ing)|test(?:ed|ing)|compil(?:ed|ing)
        |tried|debugged|plotted|evaluated)\s+{CODE}""",
    rf"{_I}tried\s+(?:running|executing)\s+{CODE}",
    rf"{_I}(?:re-?ran|re-?executed|debugged|compiled)\b",
    rf"{_I}executed\s+(?!(?:the|a|my|our|your|this|that)\s+(?:plan|will|order|strategy|trade|move)\b)\S",
    rf"{_I}g(?:ave|iven)\s+{CODE}\s+an?\s+(?:\w+\s+)?(?:run|try|test|spin|go)\b",
    rf"{_I}ran\s+(?:OCR|inference|a\s+(?:linter|profiler|debugger|diff|regression))\b",
    rf"{_I}took\s+the\s+liberty\s+of\s+(?:running|executing|testing)\b",
    rf"{_I}(?:put|ran|fed|pushed|sent){_GAP}\bthrough\s+{_TOOL}",
    rf"{_I}ran\s+(?!through|into|out|away|over){_GAP}\b(?:over|on|against)\s+(?:the|your|some|my)\s+"
    r"(?:\w+\s+)?(?:data|dataset|inputs?|lines|rows|samples?|examples?|files?)\b",
    rf"{_I}{_FOUND}{_GAP}\bby\s+(?:direct\s+|actual\s+)?execution\b",
    rf"{_I}measured\s+(?:(?:the|its|their)\s+)?(?:run-?time|execution\s+time|performance|speed)\b",
    r"""\b(?:code|script|program|command|query|test|snippet|cell)s?\s+(?:that\s+|which\s+)?
        I(?:['’]ve|\s+have)?\s+(?:just\s+)?(?:ran|run|executed|tested)\b""",
    rf"{_I}(?:benchmarked|profiled|timed)\s+(?:the|both|all|these|each|it|your|this)\b",
    rf"\bhaving\s+(?:(?:just|now|actually)\s+)?(?:run|executed|tested)\s+{CODE}",
    rf"{_I}(?:plugged|put|typed|entered|pasted|fed){_GAP}\bin(?:to)?\s+{_TOOL}",
    rf"{_I}let\s+{CODE}\s+run\b|{_I}asked\s+{_TOOL}",
    rf"{_I}simulat(?:ed|ing)\s+\S+",
    rf"""{_I}{_FOUND}{_GAP}\b(?:by|after|from|when|upon|through)\s+
        (?:actually\s+|quickly\s+|simply\s+)?(?:running|executing|simulating|testing\s+{CODE})""",
    rf"{_I}(?:{_FOUND}|ran\b){_GAP}\b(?:with|using|in|via|through|on)\s+{_TOOL}",
    rf"{_I}(?:use|used|using|opened|started|launched)\s+{_TOOL}",
    rf"{_I}{_FOUND}{_GAP}\b(?:numerically|programmatically|computationally)\b",
    rf"""\b{CODE}\s+(?:was|were|has\s+been|have\s+been|had\s+been|is\s+being)\s+
        (?:(?:successfully|just|already|then|also|fully)\s+){{0,2}}(?:run|executed|tested|compiled)\b
        (?!\s+by\s+(?!me\b))""",
)
_PASSED = (
    rf"\b(?:re-?)?(?:running|executing)\s+(?:{CODE}|(?:it|this|that|them)\b){_GAP}\b{_RESULT}",
    rf"""\b(?:when|once)\s+(?:run|executed){_GAP}
        \b(?:printed|gave|yielded|returned|produced)\b""",
    rf"\bafter\s+(?:testing|trying)\s+{CODE}{_GAP},\s+I\b",
    r"""\b(?:per|according\s+to|based\s+on)\s+(?:the|my|this|our)\s+(?:\w+\s+)?
        (?:execution|test\s+run|run\s+of\s+the)\b""",
    rf"\bmy\s+(?:(?:test|latest|own|first|last)\s+)?(?:runs?|execution)\s+{_RESULT}",
    r"\btested\s+and\s+(?:working|verified|confirmed)\b|\btested\s+(?:on|with|in)\s+python\b",
    r"\b(?:the|its|actual|real)\s+output\s+(?:was|came|turned\s+out)\b",
    rf"\b(?:run|execution)\s+of\s+{CODE}\s+{_RESULT}",
    r"""\b(?:the|my)\s+(?:(?:above|python|following|simulation)\s+)?
        (?:program|code|script|snippet|interpreter|terminal|console|simulation|sandbox)\s+
        (?:printed|returned|outputted|gave|produced|displayed|showed|ran|finished|completed
        |reported|confirmed)\b""",
    rf"\b(?:the|my)\s+(?:terminal|console|interpreter|sandbox|repl)\s+output\s+{_RESULT}",
    rf"\b(?:re-?)?testing\s+{CODE}{_GAP}\b(?:returned|gave|printed|threw|failed|succeeded)\b",
    r"""\bmy\s+(?:code|program|script|simulation)\s+(?:of\s+[^.!?;\n]{0,40}\s)?(?:gave|computed|found|counted|calculated|output)\b""",
    r"""\bmy\s+(?:code|program|script|simulation|test|python\s+session|sandbox|interpreter)s?\s+
        (?:shows?|gives?|prints?|returns?|confirms?|says)\b""",
    r"""\b(?:all|the|these|my|unit)\s+(?:of\s+)?
        (?:(?:the|my|unit|\d+|three|four|five|ten)\s+){0,3}tests?(?:\s+(?:cases?|suite))?\s+(?:I\s+(?:wrote|added)\s+)?(?:all\s+)?
        (?:pass|passed|are\s+passing|succeeded|have\s+passed)\b""",
)
_PASSED_WITH_FIGURE = (
    r"""\b(?:using|with)\s+
        (?:python|code|a\s+(?:python\s+)?(?:script|program)|the\s+code\s+interpreter),\s+
        (?:I|we|the\s+\w+\s+(?:is|was|comes))\b""",
    r"\bpython\s+(?:said|says|confirmed|confirms|reported|gives|gave|printed|returned)\b",
)
_CALCULATING = (
    rf"\b{_CALCULATOR}(?:\s+app)?\s+(?:also\s+)?(?:confirm(?:s|ed)|agree[sd]|verifie[sd])\b",
    rf"""{_I}(?:use|used|using|grabbed|opened|punched|typed|entered|entering|plugged|put|keyed|fed)
        {_GAP}\bcalculator\b""",
    rf"{_I}{_FOUND}{_GAP}\b(?:with|using|on|via|by)\s+{_CALCULATOR}",
    rf"\baccording\s+to\s+{_CALCULATOR}",
    rf"{_I}{_NOT_MADE}\w+\s+{_GAP}\bcalculator\b(?!\s+(?:app|program|class|function|widget|example))",
)
_CALCULATING_WITH_FIGURE = (
    rf"\b{_CALCULATOR}(?:\s+app)?\s+(?:also\s+|now\s+)?{_SAYS}",
    rf"\b(?:using|with|via|on)\s+{_CALCULATOR}\s*[,:]\s*[$€£]?[\d(]",
    rf"\b(?:using|with|via|from|on)\s+{_CALCULATOR},?\s+(?:I|we|the|it|this|gives|shows)\b",
)
_SEARCHING = (
    rf"""{_I}(?:search(?:ed|ing)|googl(?:ed|ing)|brows(?:ed|ing)|research(?:ed|ing))\b
        (?!\s+(?:through\s+|in\s+|over\s+)?(?:my\s+(?:memory|knowledge|training)
        |(?:the|all|every|this)\s+(?:\w+\s+)?(?:list|arrays?|tree|string|text|dictionary|graph
            |space|values|numbers|candidates|files?|documents?|attachments?
            |forest|woods|house|rooms?|area|garden|car)
        |for\s+(?:the\s+right|a\s+(?:better\s+)?way|words)\b))""",
    rf"{_I}(?:looked|looking)\s+(?:(?:it|this|that|them|these|everything)\s+)?up\b",
    rf"{_I}(?:looked|checked|researched)\s+online\b",
    rf"{_I}{_NOT_MADE}\w+\s+{_GAP}\b(?:in(?:to)?|on|from|through|via|at|with)\s+(?:Google|Wikipedia|Bing)\b",
    rf"{_I}(?:looked\s+at|checked|read|seen|saw)\s+{_GAP}\b(?:news|headlines|forecast)\b",
    r"""\bmy\s+(?:online\s+)?(?:web\s+)?research\s+(?:online\s+)?
        (?:turned\s+up|shows?|showed|found|revealed|suggests?|indicates?)\b""",
    rf"{_I}checked\s+(?:the\s+)?(?:latest|recent|current)\s+(?:\w+\s+)?(?:news|prices?|rates?)\b",
    rf"""{_I}(?:cross-?checked|compared|verified|confirmed|checked){_GAP}\b(?:against|on|with|across)\s+
        (?:(?:several|multiple|other|various|different|many|some|a\s+few|online)\s+){{1,2}}
        (?:\w+\s+)?(?:websites|sources|sites|articles)\b""",
    rf"""{_I}(?:did|done|performed|ran|run|made|conducted|doing|running|performing)\s+
        (?:a|an|some|several)\s+(?:(?:quick|{_WEB}|brief|new|thorough)\s+){{0,3}}
        (?:search(?:es)?|research|googling)\b""",
    rf"""{_I}(?:found|checked|read|saw|verified|confirmed|consulted)\s+
        (?:(?:it|this|that|them|the\s+\w+)\s+)?
        (?:online|on\s+(?:the\s+)?(?:web|internet|google|wikipedia)
        |(?:the\s+)?(?:web|internet|google|wikipedia)
        |(?:several|multiple|some|various|a\s+few|other|online|external|current|recent)\s+
            (?:\w+\s+)?(?:sources|websites|articles|databases))\b""",
    rf"""\b(?:(?:my|our)\s+(?:(?:{_WEB}|quick|recent)\s+){{0,3}}
        |(?:the|a|an)\s+(?:quick\s+)?{_WEB}\s+)
        search(?:es)?\s+(?:shows?|showed|found|finds|returned|returns|revealed|reveals
        |turned\s+up|results?|indicates?|confirms?|confirmed|suggests?|said|says)\b""",
    rf"""\b(?:according\s+to|based\s+on|from)\s+(?:my|our|the|a)?\s*
        (?:(?:{_WEB}|recent|quick|latest)\s+){{0,3}}
        (?:search(?:es)?(?:\s+results?)?|web\s+results)\b
        (?!\s+(?:tree|space|algorithm|order|problem))""",
    r"""\b(?:a|my|the)\s+(?:quick\s+)?search\s+(?:online|on\s+\w+|of\s+the\s+web)\s+
        (?:show|confirm|return|reveal|found|suggest|indicate)\w*\b""",
    r"\bsearch\s+results\s+(?:show|indicate|say|suggest|confirm|reveal)\w*\b",
)
_OPENING = (
    rf"""{_I}(?:opened|opening|visited|visiting|accessed|browsed\s+to|navigated\s+to|went\s+to
        |fetched|loaded|clicked(?:\s+(?:on|through(?:\s+to)?))?|read|reading|checked|looked\s+at|viewed|scraped
        |pulled\s+up|followed)\s+{_PAGE}""",
    rf"{_I}(?:visited|opened|browsed|accessed|went\s+to)\s+(?:the\s+)?[\w-]+\.(?:com|org|net|io|gov|edu)\b",
    r"""\bthe\s+(?:linked\s+)?(?:webpage|web\s+page|page|site|website|article)\s+
        (?:says|states|shows|said|stated|mentions|mentioned|reports|lists|claims|explains
        |confirms)\b""",
    r"""\baccording\s+to\s+the\s+(?:linked\s+)?
        (?:webpage|web\s+page|page|site|website|article)\b""",
)
_READING = (
    rf"""{_I}(?:opened|opening|read|reading|checked|checking|looked\s+(?:at|through|into)|examined
        |reviewed|inspected|analy[sz]ed|parsed|loaded|scanned|(?:went|gone)\s+through|viewed|processed
        |searched)\s+{_FILE}""",
    rf"""\b(?:after|upon|from|on)\s+(?:carefully\s+)?
        (?:reading|reviewing|examining|checking|opening|looking\s+(?:at|through)|analy[sz]ing
        |inspecting)\s+{_FILE},?\s+(?:I|it|the|there)\b""",
    rf"{_I}(?:looked\s+over|read\s+through|skimmed)\s+(?:all\s+)?(?:\d+\s+pages\s+of\s+)?{_FILE}",
    rf"{_I}(?:extracted|pulled|transcribed){_GAP}\b(?:from|out\s+of)\s+{_FILE}",
    rf"{_I}(?:took|taken|had)\s+an?\s+(?:\w+\s+)?look\s+(?:at|through|into)\s+{_FILE}",
    rf"\b(?:from|in)\s+(?:the|your)\s+(?:attached|uploaded)\s+{_FILE}(?=,\s+I\b)",
    rf"""\b(?:looking\s+(?:at|through|into)|going\s+through|reading|checking)\s+{_FILE}
        (?=(?:\s+(?:you|that\s+you)\s+\w+)?,\s+I\s+(?:see|saw|find|found|notice\w*|count\w*)\b)""",
)
_CHANGING = (
    rf"{_I}(?:sent|emailed|forwarded)\s+{_GAP}\b(?:by|via|through)\s+e-?mail\b",
    rf"{_I}(?:emailed|texted|messaged|notified|uploaded|downloaded|installed|deployed|booked)\s+\S",
    rf"{_I}saved\s+{_GAP}\b(?:in|to|as)\s+`?[\w-]+\.[a-z]{{2,4}}\b",
    rf"{_I}(?:updated|changed|checked|edited|synced)\s+your\s+(?:calendar|inbox|account|profile|settings)\b",
    rf"{_I}submitted\s+(?:the|your|an?)\s+(?:\w+\s+)?(?:form|application|request|ticket|claim)\b",
    rf"{_I}(?:transferred|wired|paid|refunded)\s+(?:(?:the|your)\s+(?:money|funds|bill|invoice)|\$\d)",
    rf"{_I}(?:called|phoned|contacted)\s+(?:the|your)\s+(?:restaurant|office|hotel|bank|landlord|company|shop)\b",
    rf"{_I}placed\s+(?:your|the|an|this)\s+(?:\w+\s+)?order\b",
    rf"{_I}set\s+(?:up\s+)?(?:a|an|your|the)\s+(?:reminder|alarm|timer|meeting|appointment)\b",
    rf"""{_I}(?:added|put){_GAP}\b(?:to|in|on)\s+your\s+(?:calendar|cart|to-?do\s+list|schedule
        |inbox)\b""",
    rf"{_I}saved\s+{_GAP}\b(?:to|as|in)\s+(?:(?:a|the|your)\s+)?(?:\w+\s+)?(?:files?|disk|drive)\b",
    rf"""{_I}pushed\s+{_GAP}\bto\s+(?:(?:the|your|a)\s+)?(?:\w+\s+)?
        (?:repo|repository|branch|main|github|server)\b""",
    rf"{_I}deleted\s+(?:(?:the|your|all|old|these)\s+){{1,3}}(?:backups?|records?|rows?|folders?|branch)\b",
    rf"""{_I}(?:sent|emailed|uploaded|installed|deployed|booked|saved|posted|scheduled|pushed
        |committed|deleted|submitted|purchased|ordered|downloaded|exported)\s+
        (?:(?:the|a|an|your|you|this|that|them|all|it|these|my|new)\s+){{0,3}}
        (?:[\w.-]+\s+){{0,2}}?(?:files?|e-?mails?|messages?|reports?|packages?|library|libraries
        |dependencies|changes|appointment|meeting|(?<!in\ )order|ticket|reservation|plot|chart|image
        |spreadsheet|document|repository|server|pdf|csv)\b""",
    rf"""{_I}(?:created|generated|exported|edited|modified|updated|deleted)\s+
        (?:(?:the|a|an|your|this|new|my)\s+){{0,3}}
        (?:files?|pdf|spreadsheet|database|folder|directory|repository|csv\s+file)\b
        (?!\s+(?:object|class|handle))""",
)
_OWNING = (
    r"""\bon\s+my\s+(?:own\s+)?(?:\d+\s+)?(?:laptop|machine|computer|macbook(?:\s+pro)?|pc|phone
        |desktop|workstation|system|end|side|server)\b""",
    r"\bin\s+my\s+(?:(?:own|local|test)\s+)?(?:environment|setup|sandbox|installation|terminal|shell|editor|ide|browser|office|lab)\b",
)

SAYINGS: tuple[Saying, ...] = (
    *(_say("run", pattern, _RUN_WORDS) for pattern in _RUNNING),
    *(_say("passed", pattern, _PASSED_WORDS) for pattern in _PASSED),
    *(_say("passed", pattern, _PASSED_WORDS, figure=True) for pattern in _PASSED_WITH_FIGURE),
    *(_say("calculator", pattern, _CALCULATOR_WORDS) for pattern in _CALCULATING),
    *(
        _say("calculator", pattern, _CALCULATOR_WORDS, figure=True)
        for pattern in _CALCULATING_WITH_FIGURE
    ),
    *(_say("search", pattern, _SEARCH_WORDS) for pattern in _SEARCHING),
    *(_say("open", pattern, _PAGE_WORDS) for pattern in _OPENING),
    *(_say("read", pattern, _READ_WORDS) for pattern in _READING),
    *(_say("change", pattern, _FIRST_PERSON) for pattern in _CHANGING),
    *(_say("own", pattern, frozenset({"my"})) for pattern in _OWNING),
)
