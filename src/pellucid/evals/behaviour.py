"""Sets about what a system does, not what it answers: which way a question was taken."""

from pellucid.evals.task import Answer, Grade, Question


def routed(question: Question, answer: Answer) -> Grade:
    """Whether a tool was used where, and only where, one was needed.

    Needless: words would have done ("answer" expected) and a program ran. Missed: a program
    was expected and none ran. Where code is wanted, running it or not is neither.
    """
    used, wanted = answer.executions > 0, question.expected
    needless, missed = used and wanted == "answer", not used and wanted == "program"
    counts = {
        "words": int(wanted == "answer"),
        "programs": int(wanted == "program"),
        "needless": int(needless),
        "missed": int(missed),
    }
    note = "a needless tool" if needless else "a missed tool" if missed else ""
    return Grade(not note, "a program" if used else "no program", note, "", counts)
