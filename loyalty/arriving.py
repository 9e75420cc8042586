"""Points that another member had and that are this one's now: all of them stay."""

from loyalty.book import Book
from loyalty.limits import LOTS_MAX
from loyalty.member import PointsLot
from loyalty.movements import NEVER
from loyalty.wallets import Wallet


def arrive(
    book: Book, lot: PointsLot, *, kind: str, wallet: Wallet, reference: str = ""
) -> None:
    """Let a lot come: debts first; without room it joins one that ends like it."""
    book.move(kind, lot, reference=reference)
    if book.debts:
        lot = book.pay(lot, wallet)
    if not lot.points:
        return
    own = [n for n, one in enumerate(book.lots) if one.wallet == lot.wallet]
    if len(book.lots) + len(book.pending) < LOTS_MAX or not own:
        book.join(lot)
        return
    ends_at = lot.expires_at or NEVER
    later = [n for n in own if (book.lots[n].expires_at or NEVER) >= ends_at]
    place = later[0] if later else own[-1]
    whole = book.lots[place]._replace(points=book.lots[place].points + lot.points)
    book.lots = (*book.lots[:place], whole, *book.lots[place + 1 :])
