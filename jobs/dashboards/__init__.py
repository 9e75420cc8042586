"""Grafana's dashboards as data: `boards` says what is shown, `panels` how."""
