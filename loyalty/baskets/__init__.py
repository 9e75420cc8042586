"""
What a basket would be discounted by; nothing here changes a member.

Read `discounts` (what a discount is), `stacking` (how several go together),
then `evaluate`, the only door. `units` is the basket while it is being
discounted, `selection` says which units a discount takes, `amounts` by how
much, `allocation` how a sum is split to the last cent, `conditions` what must
hold before, `result` what came out and why. `document` reads all this from YAML
or JSON. What points pay of a basket is `loyalty.benefits.PointsPayment`.
"""
