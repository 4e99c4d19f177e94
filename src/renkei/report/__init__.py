"""One self-contained HTML file that shows a future: figures, tables, page (docs/report.md)."""
