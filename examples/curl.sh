#!/bin/sh
# The API by hand: a question, a stream of events, the models.
#
# PELLUCID_API_KEY=... pellucid serve
# OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=... sh examples/curl.sh
set -eu

ask() {
    curl --silent --show-error --fail-with-body --no-buffer "$OPENAI_BASE_URL$1" \
        --header "Authorization: Bearer $OPENAI_API_KEY" \
        --header "Content-Type: application/json" --data "$2"
}

ask /chat/completions '{
    "model": "pellucid-mini",
    "messages": [{"role": "user", "content": "What is 6 * 7?"}]
}'
echo

ask /responses '{"model": "pellucid-mini", "input": "What is 6 * 7?", "stream": true}' |
    grep '^event: response.completed'

curl --silent --show-error "$OPENAI_BASE_URL/models" --header "Authorization: Bearer $OPENAI_API_KEY"
