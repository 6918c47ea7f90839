"""LangChain's standard tests of a chat model; `conformance.py` runs them in a venv of their own."""

import os
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests


class TestChat(ChatModelIntegrationTests):
    """Chat Completions."""

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        """OpenAI's, unchanged."""
        return ChatOpenAI

    @property
    def chat_model_params(self) -> dict[str, Any]:
        """How the server is reached."""
        return {
            "model": "pellucid-mini",
            "base_url": os.environ["OPENAI_BASE_URL"],
            "use_responses_api": False,
            "stream_usage": True,
        }

    @property
    def supports_json_mode(self) -> bool:
        """`response_format` may be any JSON."""
        return True


class TestResponses(TestChat):
    """Responses."""

    @property
    def chat_model_params(self) -> dict[str, Any]:
        """The same over the other format."""
        return {**super().chat_model_params, "use_responses_api": True}
