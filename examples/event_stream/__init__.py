"""A web endpoint that runs a flow for each request, and streams what happens as it happens."""
