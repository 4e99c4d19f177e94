"""`part.txt`: products, and where their routes stand."""

from __future__ import annotations

from renkei.fab.products import Product
from renkei.fab.smt2020.autosched import Folder
from renkei.fab.smt2020.textrow import TextRow


def read_products(folder: Folder, file: str) -> tuple[dict[str, Product], list[tuple[TextRow, str, str]]]:
    """Return the products, and for each row of the table its route file and route."""
    products: dict[str, Product] = {}
    routes = []
    for row in folder.rows(file, ("PARTGRP", "PARTFAM", "PART", "ROUTEFILE", "ROUTE")):
        name, route = row.text("PART", required=True), row.text("ROUTE", required=True)
        route_file = row.text("ROUTEFILE", required=True)
        if name and name in products:
            row.fail("PART", f'= "{name}" stands in line {products[name].line} already')
        kind = _kind(row.text("PARTGRP"))
        values = {"product": name, "route": route, "family": row.text("PARTFAM"), "kind": kind}
        products[name] = row.build(Product, values, {})
        if route_file:
            routes.append((row, route_file, route))
    return products, routes


def _kind(group: str) -> str:
    """Development lots and monitors are told by the free name of their part group."""
    words = group.lower()
    if words.startswith("eng") or "development" in words:
        return "engineering"
    return "monitor" if any(word in words for word in ("monitor", "dummy", "non-product")) else "product"
