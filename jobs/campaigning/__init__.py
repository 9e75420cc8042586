"""
Campaigns: an audience frozen once, then sent to at its pace, a stride at a time.

`desk` takes what is due, `running` brings one campaign to its end.
"""
