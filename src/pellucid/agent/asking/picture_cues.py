"""Questions about a picture whose text is all there is to answer them with."""

import re

_THING = r"""
    (?: it | this | that | these | everything | all(?:\ of)?\ (?:it|this|that)
      | (?:all\ )?(?:of\ )?(?:the|this|that|my|these|those)\ (?:[\w-]+\ ){0,2}?
        (?:text|texts|words|writing|handwriting|notes?|signs?|images?|pictures?|photos?
          |photographs?|screenshots?|scans?|pages?|documents?|letters?|board|whiteboard|blackboard
          |label|receipt|invoice|poster|card|slide|menu|bill|ticket|form|file|pdf|charts?|graphs?|diagrams?
          |plots?))
"""
_PLACE = rf"(?:\ (?:in|on|of|from|at)\ {_THING}|\ here|\ there)?"
_POLITE = r"(?:please\ |could\ you\ |can\ you\ |would\ you\ |kindly\ )*"
_WHOLE = re.compile(
    rf"""\W*(?:hi\W+|hello\W+)?{_POLITE}(?:
        what\ (?:does|do|did)\ {_THING}\ (?:say|read){_PLACE}
      | what(?:'s|’s|\ is|\ was)\ (?:written|printed|said|the\ text){_PLACE}
      | what\ (?:text|words|writing)\ (?:is|are)(?:\ (?:there|written|shown|visible))?{_PLACE}
      | (?:read|transcribe|ocr|type|copy|write)(?:\ out|\ aloud|\ down|\ off)?
        (?:\ (?:me|to\ me))?(?:\ {_THING}){{0,2}}{_PLACE}(?:\ (?:to|for)\ me|\ aloud|\ out)?
      | (?:extract|show|give|get|output|return)(?:\ me)?
        \ (?:all\ )?(?:of\ )?(?:the\ )?(?:full\ |whole\ )?(?:text|words|writing){_PLACE}
      | (?:transcription|transcript|text)\ (?:of\ {_THING})?
      | was\ steht\ (?:da|hier|dort|drauf|darauf|(?:auf|in)\ (?:dem|der|diesem|dieser)\ \w+)
      | (?:lies|lesen\ sie)\ (?:das|es|den\ text|dies)(?:\ vor)?
      | que?\ ?(?:'|’)?\ ?(?:dit|est-ce\ que\ dit)\ (?:le|la|cette?|l['’])\ ?\w+
      | qué\ dice(?:\ (?:aquí|el|la|este|esta)(?:\ \w+)?)?
    )(?:,?\ please|\ exactly|\ word\ for\ word|\ verbatim)?\W*""",
    re.I | re.X,
)
_LOOKS = re.compile(
    r"""\b(?:
        (?:describe|caption)\b(?!.*\b(?:how|process|plan)\b)
      | what(?:'s|’s|\ is|\ are|\ do\ you\ see|\ can\ you\ see)\ (?:shown\ |depicted\ |visible\ )?
        (?:in|on)\ (?:this|the|that|my)\ (?:image|picture|photo|photograph|chart|graph|diagram)\W*$
      | what\ (?:does|do)\ (?:this|the|that|these)
        \ (?:image|picture|photo|photograph|chart|graph|diagram|plot)s?
        \ (?:show|depict)
      | what\ (?:do|can)\ you\ see
      | (?:what|which)\ colou?rs?
      | look(?:s|ing)?\ like
      | how\ many\ (?:people|persons|men|women|children|faces|animals|cars|dogs|cats|trees|objects)
      | who\ is\ (?:in|on|shown)
      | (?:image|picture|photo|photograph)\ of\ what
    )""",
    re.I | re.X,
)


def wants_all(question: str) -> bool:
    """Whether the text of a picture itself is asked for: "What does the sign say?"."""
    return _WHOLE.fullmatch(" ".join(question.split())) is not None


def wants_looks(question: str) -> bool:
    """Whether something is asked that the text of a picture cannot tell: "What colour is it?"."""
    return _LOOKS.search(question) is not None
