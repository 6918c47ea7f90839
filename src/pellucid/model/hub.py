"""Fetch one file from a Hugging Face repository: a small program of its own.

    python -m pellucid.model.hub REPOSITORY REVISION FILE TARGET

It is a program because a download must stop the moment it is cancelled, and a thread
cannot be stopped. What TARGET holds already is taken for the beginning of the file and
the rest is appended (the library's `hf_hub_download` always begins anew); whether the
bytes are right is for the caller to check. Exit code 0 when the file is whole,
otherwise 1, and the reason is the last line of output.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from huggingface_hub import get_hf_file_metadata, hf_hub_url
from huggingface_hub.file_download import http_get

ANSWER_SECONDS = 5.0
"""How long the first answer may take: who is offline should learn it at once."""


def main(arguments: Sequence[str]) -> int:
    """Fetch; the result is the exit code."""
    repository, revision, file, target = arguments
    try:
        fetch(hf_hub_url(repository, file, revision=revision), Path(target))
    except Exception as error:  # whatever went wrong, the caller needs it as one line
        said = str(error).strip().splitlines()
        print(f"{type(error).__name__}: {said[0] if said else 'no reason given'}")
        return 1
    return 0


def fetch(url: str, target: Path) -> None:
    """Append what is missing of the file at `url`."""
    # The download itself retries for half a minute; one plain question first tells
    # whether anybody is there.
    about = get_hf_file_metadata(url, timeout=ANSWER_SECONDS, token=False)
    with target.open("ab", buffering=0) as file:
        if about.size is not None and file.tell() > about.size:
            file.truncate(0)
        http_get(
            about.location,
            file,
            resume_size=file.tell(),
            headers={"user-agent": "pellucid"},
            expected_size=about.size,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
