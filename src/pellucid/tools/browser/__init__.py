"""The one way out: what is fetched from the network on behalf of a request."""
