"""The table of routes: what each of them is asked and replies.

A route that is served without being here, or is here without being served, fails a test.
"""

from pellucid.api.wire import lists
from pellucid.api.wire.openapi import asked, chat_replies, other_replies, response_replies
from pellucid.api.wire.openapi.operation import Operation

CHAT = (
    Operation(
        "POST", "/v1/chat/completions", "createChatCompletion", "Chat",
        "Answer a conversation", chat_replies.ChatCompletion,
        "Streams end with `data: [DONE]`. Unknown parameters are refused by name.",
        asked.CHAT, event=chat_replies.ChatEvent, turn=True,
    ),
)  # fmt: skip

_RESPONSE = "/v1/responses/{id}"
RESPONSES = (
    Operation(
        "POST", "/v1/responses", "createResponse", "Responses",
        "Answer, and keep what was answered", response_replies.ResponseObject,
        "Streams end with `data: [DONE]`. A response in the background is on disk before it is "
        "acknowledged.",
        asked.RESPONSE, event=response_replies.StreamEvent, turn=True,
    ),
    Operation(
        "POST", "/v1/responses/input_tokens", "countInputTokens", "Responses",
        "Count the tokens of an input", response_replies.InputTokens,
        "Takes what `POST /v1/responses` takes, and runs nothing.",
        asked.RESPONSE, turn=True,
    ),
    Operation(
        "GET", _RESPONSE, "getResponse", "Responses",
        "A response, or its events", response_replies.ResponseObject,
        "With `stream=true` the events that were told, and those to come.",
        query=lists.Followed, event=response_replies.StreamEvent,
    ),
    Operation(
        "DELETE", _RESPONSE, "deleteResponse", "Responses",
        "Forget a response", response_replies.ResponseDeleted,
        "One that is still being made is cancelled first.",
    ),
    Operation(
        "POST", f"{_RESPONSE}/cancel", "cancelResponse", "Responses",
        "Stop a response in the background", response_replies.ResponseObject,
        "One that has ended stays as it is; one that was not in the background is a 400.",
    ),
    Operation(
        "GET", f"{_RESPONSE}/input_items", "listInputItems", "Responses",
        "What a response was asked with", response_replies.ItemList, query=lists.Wanted,
    ),
    Operation(
        "GET", f"{_RESPONSE}/receipt", "getReceipt", "Responses",
        "What was done for a response", response_replies.Receipt,
        "Hash-chained: no entry can be changed, dropped or added unseen.",
    ),
    Operation(
        "POST", f"{_RESPONSE}/replay", "replayResponse", "Responses",
        "Run the programs of a response again", response_replies.ReplayList, turn=True,
    ),
)  # fmt: skip

_CONVERSATION = "/v1/conversations/{id}"
CONVERSATIONS = (
    Operation(
        "POST", "/v1/conversations", "createConversation", "Conversations",
        "Begin a conversation", other_replies.ConversationObject, body=asked.CONVERSATION,
    ),
    Operation(
        "GET", _CONVERSATION, "getConversation", "Conversations",
        "A conversation", other_replies.ConversationObject,
    ),
    Operation(
        "POST", _CONVERSATION, "updateConversation", "Conversations",
        "Give a conversation other metadata", other_replies.ConversationObject,
        body=asked.RENAMED_CONVERSATION,
    ),
    Operation(
        "DELETE", _CONVERSATION, "deleteConversation", "Conversations",
        "Forget a conversation, with all its items", other_replies.ConversationDeleted,
    ),
    Operation(
        "GET", f"{_CONVERSATION}/items", "listItems", "Conversations",
        "The items of a conversation", response_replies.ItemList, query=lists.Wanted,
    ),
    Operation(
        "POST", f"{_CONVERSATION}/items", "addItems", "Conversations",
        "Add items", response_replies.ItemList, body=asked.ADDED_ITEMS,
    ),
    Operation(
        "GET", f"{_CONVERSATION}/items/{{item}}", "getItem", "Conversations",
        "An item", response_replies.ListedItem,
    ),
    Operation(
        "DELETE", f"{_CONVERSATION}/items/{{item}}", "deleteItem", "Conversations",
        "Forget an item", other_replies.ConversationObject,
    ),
)  # fmt: skip

SERVER = (
    Operation(
        "GET", "/v1/models", "listModels", "Models",
        "The models and their other names", other_replies.ModelList,
    ),
    Operation(
        "GET", "/v1/models/{model}", "getModel", "Models",
        "A model by any of its names", other_replies.ServedModel,
    ),
    Operation(
        "GET", "/health", "getHealth", "Server",
        "Whether the server runs", other_replies.Health, open=True,
    ),
    Operation(
        "GET", "/ready", "getReadiness", "Server",
        "Whether turns can begin", other_replies.Ready, open=True,
        also={503: ("What turns wait for", other_replies.Ready)},
    ),
    Operation(
        "GET", "/openapi.json", "getDescription", "Server",
        "This description", dict[str, object], open=True,
    ),
    Operation(
        "GET", "/docs", "getDocumentation", "Server",
        "This description, as a page", str, media="text/html", open=True,
    ),
)  # fmt: skip

OPERATIONS = (*CHAT, *RESPONSES, *CONVERSATIONS, *SERVER)
