"""OpenAPI descriptions: read, resolved into the ApiModel."""
