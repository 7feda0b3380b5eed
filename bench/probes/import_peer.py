"""Import the peer's client and do nothing else."""

from msgraph_beta import GraphServiceClient as Client

assert Client
