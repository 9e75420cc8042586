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
PRIORITY_MAX: Final = 1_000
ADJUST_POINTS_MAX: Final = 10_000_000

# Events before 2000 are a broken clock or seconds in a milliseconds field.
OCCURRED_AT_MIN_MS: Final = 946_684_800_000
# A till's clock may run ahead of the broker's by at most a day.
AHEAD_MS_MAX: Final = DAY_MS

LOTS_MAX: Final = 1_024
ORDERS_MAX: Final = 128
# Lines of an order that are remembered for returns by line.
LINES_KEPT_MAX: Final = 50
ACTS_MAX: Final = 128
HOLDS_MAX: Final = 16
# Challenges and badges of one member.
GAMES_MAX: Final = 64
ORDER_CHANGES_MAX: Final = 16
OFFERS_MAX: Final = 64
TRIGGERS_MAX: Final = 64
TEMPLATES_MAX: Final = 256
# Steps of a trigger, caps of messages, and how many days back those may look.
TRIGGER_STEPS_MAX: Final = 8
SEND_CAPS_MAX: Final = 16
CAP_DAYS_MAX: Final = 31
# What is kept of a member for messages: steps and messages that wait, messages
# that count for caps, times of orders.
WAITING_MAX: Final = 32
SENT_MAX: Final = 64
ORDER_TIMES_MAX: Final = 9
# Messages of one decision; what is more waits a millisecond.
MESSAGES_MAX: Final = 64
RECENT_MAX: Final = 64
# Other members of whom is known how far they are with what one sent to the other.
PEERS_MAX: Final = 128
EARN_RULES_MAX: Final = 5_000
TIERS_MAX: Final = 32
CAPS_MAX: Final = 8
WALLETS_MAX: Final = 16
STORES_MAX: Final = 20_000
ZONES_MAX: Final = 400
BUDGETS_MAX: Final = 1_000
WINDOW_DAYS_MAX: Final = 1_095

FORMULA_LENGTH_MAX: Final = 500
FORMULA_NESTING_MAX: Final = 32
FORMULA_NODES_MAX: Final = 200
FORMULA_DIGITS_MAX: Final = 12
FORMULA_OPERAND_MAX: Final = 1_000_000_000_000
FORMULA_DENOMINATOR_MAX: Final = 1_000_000
FORMULA_RESULT_MAX: Final = 1_000_000_000_000
RECURRENCE_YEARS_MAX: Final = 20
RECURRENCES_MAX: Final = 20_000
SEGMENTS_MAX: Final = 32
# Experiments that one member is remembered to have been exposed to.
EXPOSURES_MAX: Final = 64
ARMS_MAX: Final = 8
# Conditions joined by all_of, any_of and none_of: levels, cases of one, cases in all.
CASE_DEPTH_MAX: Final = 3
CASES_MAX: Final = 8
CASES_OF_RULE_MAX: Final = 64
# Personal offers of a program, those that a member has at once, and those that a
# view says why the member has not.
# What a program remembers that members bought: so many sets of lines, of each so many
# latest orders, and so many conditions of one rule about them.
HISTORIES_MAX: Final = 32
BOUGHT_TIMES_MAX: Final = 16
BOUGHT_CONDITIONS_MAX: Final = 4
# Pools of codes of a program, and codes of one pool.
CODE_POOLS_MAX: Final = 64
CODES_MAX: Final = 1_000_000
# So long after a pool or a limit said no, it is not asked again for a member.
OFFER_PAUSE_MS: Final = DAY_MS
PERSONAL_OFFERS_MAX: Final = 64
PERSONAL_HELD_MAX: Final = 16
WITHHELD_MAX: Final = 8
# The longest reservation: a week.
HOLD_MS_MAX: Final = 7 * DAY_MS
# Members that one member has been merged with, and how far a lot may have come.
MERGES_MAX: Final = 16
MERGE_CHAIN_MAX: Final = 8
# Orders of a merged member that are found under the id of the survivor, too.
ORDERS_LINKED_MAX: Final = 256
# What one decision may send to others, ask of budgets and give back to them.
OUTBOX_MAX: Final = 64
CLAIMS_MAX: Final = 64
RELEASES_MAX: Final = 64
# Decisions that one record may lead to: its own, and those about its answers.
SETTLED_MAX: Final = 1_024
BUDGET_UNITS_MAX: Final = 1_000_000_000_000
# Periods of a budget that are open at once: two months of days.
BUDGET_PERIODS_MAX: Final = 62
# Claims that wait at one lease; also the most that one answer can settle.
CLAIMS_WAITING_MAX: Final = 256
BUDGET_RECALLS_MAX: Final = 32
LEASE_IDLE_MS: Final = 600_000
# Baskets: what is evaluated together, and how far a choice of the best looks.
BASKET_DISCOUNTS_MAX: Final = 64
BEST_CANDIDATES_MAX: Final = 8
DISCOUNT_CONDITIONS_MAX: Final = 16
DISCOUNT_PARTS_MAX: Final = 6
DISCOUNT_UPGRADES_MAX: Final = 256
STACKING_GROUPS_MAX: Final = 64
PRICE_FLOORS_MAX: Final = 10_000
# Rules with a life of their own, steps of one, and programs over time.
RULES_MAX: Final = 5_000
RULE_STEPS_MAX: Final = 1_000
PROGRAM_VERSIONS_MAX: Final = 4_096
RULE_DOCUMENT_BYTES_MAX: Final = 65_536
REASON_LENGTH_MAX: Final = 1_024
# All workers know a publication before it takes effect: at least so long before.
LEAD_MS_MIN: Final = 1_000
# Journeys: of a program, and of one member.
JOURNEYS_MAX: Final = 64
JOURNEY_STEPS_MAX: Final = 64
JOURNEY_WAYS_MAX: Final = 8
JOURNEY_EXITS_MAX: Final = 8
JOURNEY_VALUES_MAX: Final = 16
# Journeys that a member is in at once, and former ones that are remembered.
JOURNEY_RUNS_MAX: Final = 16
JOURNEYS_PAST_MAX: Final = 64
# Steps of one run, waits that are over in one decision, choices remembered.
JOURNEY_TAKEN_MAX: Final = 1_000
JOURNEY_TURNS_MAX: Final = 32
JOURNEY_CHOICES_MAX: Final = 16
# What happened longer ago than this, on the member's clock, lets nobody in.
JOURNEY_LATE_MS_MAX: Final = DAY_MS
