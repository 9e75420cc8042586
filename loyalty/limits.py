"""Every published limit of the rules, in one place; `docs/limits.md` explains them."""

from typing import Final

DAY_MS: Final = 86_400_000

ID_LENGTH_MAX: Final = 128
TEXT_LENGTH_MAX: Final = 1_024
LINES_MAX: Final = 1_000
LABELS_MAX: Final = 32
APPLIED_MAX: Final = 32
ATTRIBUTES_MAX: Final = 64
QUANTITY_MAX: Final = 1_000_000
# 10 billion in a currency with cents: far above any order, far below int64.
AMOUNT_MINOR_MAX: Final = 1_000_000_000_000
POINTS_MAX: Final = 1_000_000_000_000
ADJUST_POINTS_MAX: Final = 10_000_000

# Events before 2000 are a broken clock or seconds in a milliseconds field.
OCCURRED_AT_MIN_MS: Final = 946_684_800_000
# A till's clock may run ahead of the broker's by at most a day.
AHEAD_MS_MAX: Final = DAY_MS

LOTS_MAX: Final = 1_024
ORDERS_MAX: Final = 512
ORDER_CHANGES_MAX: Final = 16
OFFERS_MAX: Final = 64
TRIGGERS_MAX: Final = 64
RECENT_MAX: Final = 64
EARN_RULES_MAX: Final = 1_000
TIERS_MAX: Final = 32
WINDOW_DAYS_MAX: Final = 1_095

# Baskets: what is evaluated together, and how far a choice of the best looks.
BASKET_DISCOUNTS_MAX: Final = 64
BEST_CANDIDATES_MAX: Final = 8
DISCOUNT_CONDITIONS_MAX: Final = 16
DISCOUNT_PARTS_MAX: Final = 6
DISCOUNT_UPGRADES_MAX: Final = 256
STACKING_GROUPS_MAX: Final = 64
PRICE_FLOORS_MAX: Final = 10_000
