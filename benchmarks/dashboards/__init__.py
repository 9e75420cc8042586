"""Whether dashboards stay quick over years of a large chain."""
