"""What hostile programs try, as data; `battery` runs them."""

from pellucid.tools.python.attacks.host import FILE_ATTACKS, NETWORK_ATTACKS, PROCESS_ATTACKS
from pellucid.tools.python.attacks.kinds import Attack
from pellucid.tools.python.attacks.limits import PROTOCOL_ATTACKS, RESOURCE_ATTACKS

__all__ = ["ATTACKS", "Attack"]

ATTACKS = (*FILE_ATTACKS, *NETWORK_ATTACKS, *PROCESS_ATTACKS, *RESOURCE_ATTACKS, *PROTOCOL_ATTACKS)
