"""OpenAPI documents of every version: operations become tools, with the request that carries each of them out."""
