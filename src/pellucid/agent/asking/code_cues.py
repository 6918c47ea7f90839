"""Cues of questions about programs: to write, to change, to run, to explain."""

from pellucid.agent.asking.cues import begins, every, has_code, says, some, without
from pellucid.agent.reading.patterns import one_of

_LANGUAGE = one_of(
    """python javascript java typescript c\\+\\+ c# c rust golang go ruby php swift kotlin scala
    haskell perl lua julia sql sqlite postgres(?:ql)? mysql bash shell powershell awk sed html
    css react vue angular django flask fastapi numpy pandas node(?:\\.?js)? matlab r excel latex
    dockerfile yaml json regex"""
)
_MADE = one_of(
    """functions? methods? (?<!my_)(?<!our_)(?<!the_)(?<!his_)(?<!her_)class(?:es)? scripts?
    programs? code snippets? regex(?:es)? regular_expressions? quer(?:y|ies) sql unit_?tests?
    test_cases? pytest algorithms? endpoints? api decorator one-liner dockerfile makefile
    crontab cron_job cron_expression web_?pages? website css html generator dataclass parser cli
    command-line_tool (?:shell|bash|git|linux|unix|terminal)_command component hook
    (?:merge|bubble|quick|heap|insertion)[-_]?sort binary_search linked_list hash_?map lru_cache
    stored_procedure excel_formula macro json_schema sql_schema funktion skript programm klasse
    abfrage fonction programme requête función programa clase consulta hello_world snake_game
    scraper cron_?job bot stylesheet"""
)
_TECHNOLOGY = one_of(
    """python javascript typescript c\\+\\+ c# golang php kotlin haskell sql bash powershell awk
    html css react django flask fastapi numpy pandas node\\.?js matlab latex github_actions
    regex docker docker_compose kubernetes terraform express\\.js rest_api fizzbuzz dockerfile
    makefile ansible tkinter pytest xpath cron_?job jquery nginx redis mongodb graphql selenium
    beautifulsoup opencv pytorch tensorflow scikit-learn arduino wordpress laravel rails svelte
    next\\.?js fortran cobol prolog elixir clojure ocaml vba"""
)
TECHNOLOGY = every(
    says(rf"(?<!\w){_TECHNOLOGY}(?!\w)"),
    without(says(r"\?")),
    without(
        begins(
            r"(?:what|why|who|when|where|which|how|is|are|does|do|did|was|were|explain|describe"
            r"|compare|tell|define|difference|discuss|i|i'm|my|we|you|it|thanks|pros|was|wie|warum"
            r"|wer|quel\w*|qu'\w+|pourquoi|comment|qué|cómo|cuál|por)\b"
        )
    ),
)
_THING = one_of(
    """function script program snippet regex regular_expression query unit_?tests? dockerfile
    makefile crontab cron_job cron_expression html_page web_?page website parser cli one-liner
    command json_schema yaml config workflow macro decorator dataclass endpoint"""
)
_NOT_CODE = says(
    r"\b(?:workout|training|exercise|fitness|study|tv|television|radio|loyalty|degree|exchange"
    r"|mentor\w*|rewards?|reading|diet|academic|school|cooking|yoga|dance|art|history|math"
    r"|english|spanish|wedding|concert|event) (?:program|class|classes|scripts?|method)\b",
    r"\b(?:dress|morse|promo|zip|qr|postal|area) code\b|\bcode (?:of|name)\b"
    r"|\bclass (?:trip|reunion|schedule)",
    r"\b(?:essay|story|poem|haiku|blog|article|paragraph|joke|email|letter|song|limerick|slogan"
    r"|tweet|post|summary|announcement)\b.{0,40}\b(?:about|on|for)\b",
)
_MAKE = one_of(
    """write implement create build make give_me show_me generate code develop refactor fix debug
    optimi[sz]e complete finish extend design provide port convert translate modify update
    rewrite add need i_need i_want i'm_looking_for i_am_looking_for schreib\\w* erstell\\w*
    implementier\\w* écri\\w+ crée\\w* implément\\w+ escrib\\w+ crea\\w* haz necesito
    ich_brauche brauche j'ai_besoin_d implementa\\w* i'd_like i_would_like"""
)
DELIVERED = every(
    some(
        begins(
            rf"{_MAKE}\b.{{0,90}}?\b{_MADE}\b",
            rf"{_MAKE}\b.{{0,120}}\b(?:in|using|with) {_LANGUAGE}(?!\w)",
            rf"{_MAKE} (?:me )?(?:an? |the |some )?(?:\w+ )?{_LANGUAGE}(?!\w)",
            r"an? function\b(?! of\b)|class for\b.{0,60}\bmethods?\b|(?:implement|refactor"
            r"|debug)\b|code (?:up|me|an?)\b",
            rf"an? (?:\w+ ){{0,3}}?{_MADE} (?:that|which|to|for|in)\b",
            rf"(?:(?:{_LANGUAGE}|small|simple|short|quick|tiny|minimal|an?|the|some|one) )*"
            rf"{_THING} (?:that|which|to|for|with|in|on|\w+ing|für|pour|para)\b",
            rf"(?:in )?{_LANGUAGE}(?:,|:| -) \w+",
            rf"(?:an? |the |quick |small |simple |short |some |eine? |une? "
            rf"|una )*(?:{_TECHNOLOGY}|sed|vim|excel)"
            r" (?:\w+ ){1,2}?(?:that|which|to|for|with|from|in|listing|qui|que|die|der|para"
            r"|pour)\b",
            r"css to\b|(?:eine? |une? |una )(?:requête|fonction|función|consulta|programme"
            r"|script)\b",
            r"(?:from \S+ import|import|def|class|@)\b[^?]{0,1400}?(?:\"{3}|'{3})",
        ),
        says(
            r"[.!?:,]\s+(?:please |can you |could you |now |then )*"
            rf"(?:write|implement|refactor|fix|debug)\b.{{0,80}}\b{_MADE}\b",
            r"\bhow (?:do|can|would|should|to)\b.{0,80}\b(?:in|using|with) "
            rf"{_LANGUAGE}(?!\w|\s+(?:and|work))",
            r"\bthat (?:takes|accepts) an? \w+.{0,60}\breturns?\b",
            r"\b(?:example|sample) code\b|\bcode (?:example|sample|please)\b",
        ),
    ),
    without(_NOT_CODE),
)
_ABOUT_CODE = begins(
    r"(?:review(?!.{0,80}\b(?:and|then) (?:fix|improve|rewrite))|comment on|explain|describe"
    r"|what(?: is|'s) (?:this|that|it|the|a|an) (?!output|result|value|final)|what (?:does|do)\b"
    r"|how does|walk me)\b"
)
EXPLAINED_CODE = some(
    every(
        has_code,
        without(says(r"\b(?:fix|refactor|rewrite|convert|improve|write)\b")),
        says(
            r"\bwhy (?:does it|do|is it|it)\b|\bhow (?:does it|it) works?\b|\bwalk me through\b"
            r"|\bwhat is (?:this|it) (?:doing|computing|for)\b|\bexplain\b"
        ),
    ),
    every(has_code, _ABOUT_CODE),
    begins(
        r"what does (?:this|the|my|that) (?:\w+ )?"
        r"(?:regex|code|function|script|query|command|program|line) (?:do|mean|match)\b"
    ),
)
CHANGED = every(
    has_code,
    without(_ABOUT_CODE),
    says(
        r"\b(?:fix|bugs?|debug|refactor|optimi[sz]e|improve|simplify|faster|rewrite|convert|port"
        r"|translate|complete|finish|add|working|should return|turn this|make this|into|async"
        r"|rename|extend|change"
        r"|modify|write|unit ?tests?"
        r"|tests? for|docstring|type hints|error|exception|traceback|raises?|throws?|crash\w*"
        r"|fails?|doesn't work|not work\w*|wrong|fehler|repariere?|corrige\w*|arregla\w*)\b"
    ),
)
PRINTED = every(
    has_code,
    without(DELIVERED),
    says(
        r"\bwhat\b.{0,40}\b(?:print\w*|output|return\w*|display\w*|evaluate\w*|log)\b",
        r"\bwhat (?:will|does|would)\b.{0,160}\b(?:give|yield|evaluate to|return|print|output)\b",
        r"\bwhat(?:'s| is) [`\"']?\w+[(\[]|\bresult\b|^output\b|^(?:evaluate|compute)\b|\btrace\b"
        r"|-> ?\?|\bever (?:end|stop"
        r"|terminate)",
        r"\bwhat(?:'s| is) in\b|\bwhat will (?:this|the)\b",
        r"\boutput of\b|\bpredict\b.{0,30}\boutput|\bresult of (?:this|running|the following)",
        r"\b(?:run|execute) (?:this|the|it|these|that|my)\b|^(?:run|execute)\b",
        r"\bvalue of \w+ (?:after|at the end|when)|\bfinal value\b",
        r"\bwas (?:gibt|druckt)\b.{0,40}\baus\b|\bqu'affiche\b|\bque (?:affiche|imprime|muestra)\b"
        r"|\bqué (?:imprime|muestra)\b",
    ),
)
