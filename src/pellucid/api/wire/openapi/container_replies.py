"""Containers and their files, as types.

https://platform.openai.com/docs/api-reference/containers/object and …/container-files/object
"""

from typing import Literal

from typing_extensions import TypedDict


class Idle(TypedDict):
    """For how many minutes without use a container is kept."""

    anchor: Literal["last_active_at"]
    minutes: int


class NoNetwork(TypedDict):
    """Programs have no network."""

    type: Literal["disabled"]


class ContainerObject(TypedDict):
    """Where files of programs outlive the turn that ran them; `expired` where nobody used it for
    too long, and its files are gone."""

    id: str
    object: Literal["container"]
    created_at: int
    status: Literal["running", "expired"]
    expires_after: Idle
    last_active_at: int
    memory_limit: Literal["1g"]
    name: str
    network_policy: NoNetwork


class ContainerList(TypedDict):
    """A page of containers."""

    object: Literal["list"]
    data: list[ContainerObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class ContainerDeleted(TypedDict):
    """A container that is gone."""

    id: str
    object: Literal["container.deleted"]
    deleted: Literal[True]


class ContainerFileObject(TypedDict):
    """A file of a container: its `path` is the name that programs find it under in the folder they
    run in."""

    id: str
    object: Literal["container.file"]
    created_at: int
    bytes: int
    container_id: str
    path: str
    source: Literal["user", "assistant"]


class ContainerFileList(TypedDict):
    """A page of files of a container."""

    object: Literal["list"]
    data: list[ContainerFileObject]
    first_id: str | None
    last_id: str | None
    has_more: bool


class ContainerFileDeleted(TypedDict):
    """A file of a container that is gone."""

    id: str
    object: Literal["container.file.deleted"]
    deleted: Literal[True]
