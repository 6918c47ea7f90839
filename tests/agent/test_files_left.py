"""Answers about files that programs have left."""

from dataclasses import replace

from agent.works import ran, work
from pellucid.agent.answer import release
from pellucid.core.executions import FileRecord


def test_the_name_of_a_file_is_not_written_as_a_number() -> None:
    call, result = ran("print(48271964 - 48183841)", "88123\n")
    assert result.execution is not None
    files = (FileRecord("88123", 6, "0" * 64, "cfile_1"),)
    made = replace(result.execution, files=files, container="cntr_1")
    stage = work(call, replace(result, execution=made))
    released = release(stage, "It is in 88123", (*stage.turn.items, *stage.items), "answered")
    assert released.items[0].text == "It is in 88123"
