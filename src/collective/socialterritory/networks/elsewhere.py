"""Any other place where a body speaks and no machine is let in: a closed group, a neighbourhood app, a forum."""

from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.text import graphemes


class Elsewhere(Network):
    id = "elsewhere"
    title = "Another network"
    limits = Limits(text=0, measure=graphemes, images=4, card=False)


network = Elsewhere()
