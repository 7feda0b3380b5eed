"""graphslice: slim, typed, Kiota-compatible Python clients from CSDL or OpenAPI descriptions.

One direction, one frozen type per step (docs/architecture.md)::

    description --read--> document --resolve(slice)--> ApiModel --lower--> ClientPlan
    ClientPlan --render--> FileSet --> write | check

`graphslice.pipeline` puts the steps in a row; `graphslice.cli` is the only room that prints.
"""

__version__ = "0.1.0"
