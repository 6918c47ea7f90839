"""The table of routes: what each of them is asked and replies.

A route that is served without being here, or is here without being served, fails a test; but for
those that are only there to be refused by name (`api/absent.py`).
"""

from pellucid.api.wire import completions, containers, files, lists, vector_stores
from pellucid.api.wire.openapi import (
    asked,
    asked_beside,
    chat_replies,
    completion_replies,
    container_replies,
    file_replies,
    other_replies,
    receipt_replies,
    response_replies,
    vector_store_replies,
)
from pellucid.api.wire.openapi.operation import Operation

_STORED = "/v1/chat/completions/{id}"
CHAT = (
    Operation(
        "POST", "/v1/chat/completions", "createChatCompletion", "Chat",
        "Answer a conversation", chat_replies.ChatCompletion,
        "Streams end with `data: [DONE]`. Unknown parameters are refused by name.",
        asked.CHAT, event=chat_replies.ChatEvent, turn=True,
    ),
    Operation(
        "GET", "/v1/chat/completions", "listChatCompletions", "Chat",
        "The completions that were stored", completion_replies.ChatCompletionList,
        query=completions.Listed,
    ),
    Operation(
        "GET", _STORED, "getChatCompletion", "Chat",
        "A completion that was stored", chat_replies.ChatCompletion,
    ),
    Operation(
        "POST", _STORED, "updateChatCompletion", "Chat",
        "Give a completion other metadata", chat_replies.ChatCompletion,
        body=asked_beside.RENAMED_COMPLETION,
    ),
    Operation(
        "DELETE", _STORED, "deleteChatCompletion", "Chat",
        "Forget a completion", completion_replies.ChatCompletionDeleted,
    ),
    Operation(
        "GET", f"{_STORED}/messages", "listChatMessages", "Chat",
        "The messages that a completion was asked with", completion_replies.StoredMessageList,
        query=completions.Messages,
    ),
    Operation(
        "POST", "/v1/completions", "createCompletion", "Chat",
        "Answer a text, in the format before Chat", completion_replies.TextCompletion,
        "Streams end with `data: [DONE]`.",
        asked_beside.TEXT, event=completion_replies.TextEvent, turn=True,
    ),
)  # fmt: skip

_RESPONSE = "/v1/responses/{id}"
RESPONSES = (
    Operation(
        "POST", "/v1/responses", "createResponse", "Responses",
        "Answer, and keep what was answered", response_replies.ResponseObject,
        "Streams end with `data: [DONE]`. A response in the background is on disk before it is "
        "acknowledged. The same is served over a WebSocket: a text `response.create` asks what a "
        "body asks, and each event is a text.",
        asked.RESPONSE, event=response_replies.StreamEvent, turn=True,
    ),
    Operation(
        "POST", "/v1/responses/input_tokens", "countInputTokens", "Responses",
        "Count the tokens of an input", response_replies.InputTokens,
        "Takes what `POST /v1/responses` takes, and runs nothing.",
        asked.RESPONSE, turn=True,
    ),
    Operation(
        "POST", "/v1/responses/compact", "compactResponse", "Responses",
        "Make a conversation shorter", response_replies.CompactedResponse,
        "No model is asked. The reply's `output` is the input to go on with; it is not kept.",
        asked_beside.COMPACTED, refuses=(404,),
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
        "What was done for a response", receipt_replies.Receipt,
        "Hash-chained: no entry can be changed, dropped or added unseen.",
    ),
    Operation(
        "POST", f"{_RESPONSE}/replay", "replayResponse", "Responses",
        "Run the programs of a response again", receipt_replies.ReplayList, turn=True,
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

_FILE, _UPLOAD, _BATCH = "/v1/files/{id}", "/v1/uploads/{id}", "/v1/batches/{id}"
FILES = (
    Operation(
        "POST", "/v1/files", "createFile", "Files",
        "Hand in a file", file_replies.FileObject, body=asked_beside.FILE,
    ),
    Operation(
        "GET", "/v1/files", "listFiles", "Files",
        "The files there are", file_replies.FileList, query=files.Listed,
    ),
    Operation(
        "GET", _FILE, "getFile", "Files", "What is known of a file", file_replies.FileObject,
    ),
    Operation(
        "DELETE", _FILE, "deleteFile", "Files", "Forget a file", file_replies.FileDeleted,
    ),
    Operation(
        "GET", f"{_FILE}/content", "getFileContent", "Files",
        "The content of a file", bytes,
        "Of one that a batch still writes, what is there so far.",
        media="application/octet-stream",
    ),
    Operation(
        "POST", "/v1/uploads", "createUpload", "Files",
        "Announce a file that comes in parts", file_replies.UploadObject,
        "It must be complete within an hour.", asked_beside.UPLOAD,
    ),
    Operation(
        "POST", f"{_UPLOAD}/parts", "addUploadPart", "Files",
        "Hand in a part", file_replies.UploadPart, body=asked_beside.PART,
    ),
    Operation(
        "POST", f"{_UPLOAD}/complete", "completeUpload", "Files",
        "Make a file of the parts", file_replies.UploadObject, body=asked_beside.PARTS,
    ),
    Operation(
        "POST", f"{_UPLOAD}/cancel", "cancelUpload", "Files",
        "Give an upload up", file_replies.UploadObject,
    ),
)  # fmt: skip

_CONTAINER = "/v1/containers/{id}"
_INSIDE = f"{_CONTAINER}/files/{{file}}"
CONTAINERS = (
    Operation(
        "POST", "/v1/containers", "createContainer", "Containers",
        "Make a container for the files of programs", container_replies.ContainerObject,
        "Programs of `code_interpreter` find its files in the folder they run in, and what they "
        "leave there is kept.",
        asked_beside.CONTAINER, refuses=(404,),
    ),
    Operation(
        "GET", "/v1/containers", "listContainers", "Containers",
        "The containers there are", container_replies.ContainerList, query=containers.Listed,
    ),
    Operation(
        "GET", _CONTAINER, "getContainer", "Containers",
        "What is known of a container", container_replies.ContainerObject,
    ),
    Operation(
        "DELETE", _CONTAINER, "deleteContainer", "Containers",
        "Forget a container and its files", container_replies.ContainerDeleted,
    ),
    Operation(
        "POST", f"{_CONTAINER}/files", "addContainerFile", "Containers",
        "Put a file into a container", container_replies.ContainerFileObject,
        "A copy of a file that is there; or one that is sent, as the field `file` of a form.",
        asked_beside.CONTAINER_FILE,
    ),
    Operation(
        "GET", f"{_CONTAINER}/files", "listContainerFiles", "Containers",
        "The files of a container", container_replies.ContainerFileList, query=lists.Wanted,
    ),
    Operation(
        "GET", _INSIDE, "getContainerFile", "Containers",
        "What is known of a file of a container", container_replies.ContainerFileObject,
        refuses=(400,),
    ),
    Operation(
        "DELETE", _INSIDE, "deleteContainerFile", "Containers",
        "Forget a file of a container", container_replies.ContainerFileDeleted, refuses=(400,),
    ),
    Operation(
        "GET", f"{_INSIDE}/content", "getContainerFileContent", "Containers",
        "The content of a file of a container", bytes,
        media="application/octet-stream", refuses=(400,),
    ),
)  # fmt: skip

_STORE = "/v1/vector_stores/{id}"
_FILE_BATCH = f"{_STORE}/file_batches/{{batch}}"
STORES = (
    Operation(
        "POST", "/v1/vector_stores", "createVectorStore", "Vector stores",
        "Make a store of files that are searched together", vector_store_replies.VectorStoreObject,
        body=asked_beside.STORE, refuses=(404,),
    ),
    Operation(
        "GET", "/v1/vector_stores", "listVectorStores", "Vector stores",
        "The stores there are", vector_store_replies.VectorStoreList, query=lists.Wanted,
    ),
    Operation(
        "GET", _STORE, "getVectorStore", "Vector stores",
        "What is known of a store", vector_store_replies.VectorStoreObject,
    ),
    Operation(
        "POST", _STORE, "updateVectorStore", "Vector stores",
        "Change a store", vector_store_replies.VectorStoreObject, body=asked_beside.CHANGED_STORE,
    ),
    Operation(
        "DELETE", _STORE, "deleteVectorStore", "Vector stores",
        "Forget a store; its files stay", vector_store_replies.VectorStoreDeleted,
    ),
    Operation(
        "POST", f"{_STORE}/search", "searchVectorStore", "Vector stores",
        "The passages most about a query", vector_store_replies.SearchResults,
        "They are found by their words (BM25).", asked_beside.SEARCH,
    ),
    Operation(
        "POST", f"{_STORE}/files", "addVectorStoreFile", "Vector stores",
        "Put a file into a store", vector_store_replies.VectorStoreFileObject,
        "It has been read when this replies; one that cannot be read says why.",
        asked_beside.STORE_FILE,
    ),
    Operation(
        "GET", f"{_STORE}/files", "listVectorStoreFiles", "Vector stores",
        "The files of a store", vector_store_replies.VectorStoreFileList,
        query=vector_stores.ListedFiles,
    ),
    Operation(
        "GET", f"{_STORE}/files/{{file}}", "getVectorStoreFile", "Vector stores",
        "What is known of a file of a store", vector_store_replies.VectorStoreFileObject,
    ),
    Operation(
        "POST", f"{_STORE}/files/{{file}}", "updateVectorStoreFile", "Vector stores",
        "Note something else about a file of a store", vector_store_replies.VectorStoreFileObject,
        body=asked_beside.NOTED_FILE,
    ),
    Operation(
        "GET", f"{_STORE}/files/{{file}}/content", "getVectorStoreFileContent", "Vector stores",
        "What was read of a file of a store", vector_store_replies.VectorStoreFileContent,
        "Page by page, where it has any.",
    ),
    Operation(
        "DELETE", f"{_STORE}/files/{{file}}", "deleteVectorStoreFile", "Vector stores",
        "Take a file out of a store", vector_store_replies.VectorStoreFileDeleted,
    ),
    Operation(
        "POST", f"{_STORE}/file_batches", "createVectorStoreFileBatch", "Vector stores",
        "Put many files into a store", vector_store_replies.VectorStoreFileBatchObject,
        "They are read when this has replied, one after the other, also by the next server if "
        "this one dies.",
        asked_beside.FILE_BATCH,
    ),
    Operation(
        "GET", _FILE_BATCH, "getVectorStoreFileBatch", "Vector stores",
        "How far a batch of files is", vector_store_replies.VectorStoreFileBatchObject,
    ),
    Operation(
        "POST", f"{_FILE_BATCH}/cancel", "cancelVectorStoreFileBatch", "Vector stores",
        "Read no more of a batch of files", vector_store_replies.VectorStoreFileBatchObject,
        "What was read stays in the store.",
    ),
    Operation(
        "GET", f"{_FILE_BATCH}/files", "listVectorStoreFileBatchFiles", "Vector stores",
        "The files of a batch", vector_store_replies.VectorStoreFileList,
        query=vector_stores.ListedFiles,
    ),
)  # fmt: skip

BATCHES = (
    Operation(
        "POST", "/v1/batches", "createBatch", "Batches",
        "Ask many things, in a file", file_replies.BatchObject,
        "They are answered while nobody else asks, each as its endpoint answers.",
        asked_beside.BATCH, refuses=(404,),
    ),
    Operation(
        "GET", "/v1/batches", "listBatches", "Batches",
        "The batches there are", file_replies.BatchList, query=lists.Wanted,
    ),
    Operation(
        "GET", _BATCH, "getBatch", "Batches", "How far a batch is", file_replies.BatchObject,
    ),
    Operation(
        "POST", f"{_BATCH}/cancel", "cancelBatch", "Batches",
        "Stop a batch", file_replies.BatchObject,
        "What was answered by then can be read.",
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
        "GET", "/metrics", "getMetrics", "Server",
        "What was asked and done, for Prometheus", str,
        "Needs no key where `PELLUCID_API_METRICS_OPEN` is set.", media="text/plain",
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

OPERATIONS = (*CHAT, *RESPONSES, *CONVERSATIONS, *FILES, *CONTAINERS, *STORES, *BATCHES, *SERVER)
