"""The description of the API: OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.1

`operations` is the table of routes, a few lines each; `asked` and `asked_beside` say of the models
that parse requests what they do not say themselves; `chat_replies`, `response_replies`,
`completion_replies`, `file_replies`, `receipt_replies`, `vector_store_replies` and so on are the
shapes of what is replied; `document` puts them together. Tests hold every reply they see against
the document, and every route against the table.
"""
