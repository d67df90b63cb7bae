"""What a pair agreed on, to be read again and, if both like, changed."""

from __future__ import annotations

from conversations.agree import NOTHING, StandingTerms, agree, come_to_terms
from conversations.asking import OwnPairs
from conversations.breaks import HasStopped
from conversations.talk import Pair, Who, choose, look, say


async def show_agreement(who: Who) -> None:
    """Show somebody what they agreed on in each of their pairs, and offer to change it."""
    pairs = await look(OwnPairs(who.id))
    if not pairs:
        return await say(who, "not_in_a_pair")
    for pair in pairs:
        await show_terms(who, pair)


async def show_terms(who: Who, pair: Pair) -> None:
    """Show one agreement; whoever would change it suggests first, and the other has to agree."""
    partner = pair.other(who)
    terms = await look(StandingTerms(pair.id))
    line = "no_agreement_yet" if terms == NOTHING else "your_agreement"
    if await choose(who, line, ("change", "nothing"), partner=partner, terms=terms) != "change":
        return
    if await look(HasStopped(partner.id)):
        return await say(who, "nobody_to_agree_with", partner=partner)
    led_by_them = Pair(pair.id, who, partner)
    if terms == NOTHING:
        await agree(led_by_them)
    else:
        await come_to_terms(led_by_them, anew=True)
