"""Questions that want a file, or are about one that is there."""

from pellucid.agent.asking.cues import says

_MADE = r"(?:save|write|export|create|store|produce|make|generate|convert|put|draw|plot|render)"
_KINDS = r"(?:csv|tsv|txt|json|xml|md|xlsx|png|jpe?g|svg|pdf|html)"
FILE_WANTED = says(
    rf"\b{_MADE}\b.{{0,60}}\b(?:files?|{_KINDS}|spreadsheets?)\b",
    rf"\b{_MADE}\b.{{0,40}}\b(?:plots?|charts?|graphs?|diagrams?|histograms?|figures?|pictures?)\b",
    r"\b(?:plot|draw|chart|graph) (?:the|a|an|y|x|f|this|these|it|them|sin|cos|of)\b",
)
"""A file, or a picture, is asked for."""

FILE_NAMED = says(rf"\b[\w-]+\.{_KINDS}\b")

CODE_NAMED = says(r"\b(?:scripts?|programs?|functions?|code|class(?:es)?|modules?)\b")
"""Code is asked for by a word for it: what it does with files is its own affair."""

ABOUT_DATA = says(
    r"\b(?:files?|data(?:set)?s?|tables?|columns?|rows?|csv|spreadsheets?|attached|attachments?"
    r"|uploaded|records|entries)\b"
)
"""It is about what a file holds."""
