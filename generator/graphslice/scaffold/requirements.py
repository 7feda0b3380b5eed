"""What every generated client needs to run: the one list, for wheels and for projects that are scaffolded."""

from __future__ import annotations

REQUIREMENTS = (
    "azure-identity>=1.19",
    "httpx[http2]>=0.27",
    "microsoft-kiota-abstractions>=1.9.10,<2",
    "microsoft-kiota-authentication-azure>=1.9.10,<2",
    "microsoft-kiota-http>=1.9.10,<2",
    "microsoft-kiota-serialization-json>=1.9.10,<2",
    "opentelemetry-api>=1.27",
    "sniffio>=1.3",  # httpcore looks for it six times a request: to find nothing takes longer than the request
    "std-uritemplate>=2.0,<3",
    "typing-extensions>=4.12",
)
