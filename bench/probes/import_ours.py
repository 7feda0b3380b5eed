"""Import our client and do nothing else."""

import msgraph_security_copilot as package

assert package.__name__
