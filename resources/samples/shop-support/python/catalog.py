"""What the shop sells."""

import re

from shop_data import all_products, find_product

FILLERS = frozenset({"a", "an", "the", "for", "with", "and", "or", "some", "any", "do", "you", "have", "in", "of"})


def search_products(query: str, category: str | None = None, max_price: float | None = None) -> dict[str, object]:
    """Products whose name, category, tags or description contain the words, best first."""
    words = [_stem(word) for word in re.findall(r"\w+", query.casefold()) if word not in FILLERS]
    found = []
    for row in all_products():
        text = " ".join([row["name"], row["category"], *row["tags"], row["description"]]).casefold()
        hits = sum(word in text for word in words)
        fits = (category is None or row["category"] == category) and (max_price is None or row["price"] <= max_price)
        if hits and fits:
            found.append((-hits, row["price"], row))
    best = [row for _, _, row in sorted(found, key=lambda one: one[:2])[:8]]
    return {
        "count": len(best),
        "products": [{key: row[key] for key in ("product_id", "name", "price", "stock")} for row in best],
    }


def get_product_details(product: str) -> dict[str, object]:
    """Everything about one product."""
    return find_product(product)


def check_stock(product: str) -> dict[str, object]:
    """How many pieces are left."""
    row = find_product(product)
    return {"product_id": row["product_id"], "name": row["name"], "in_stock": row["stock"] > 0, "pieces": row["stock"]}


def compare_products(products: list[str]) -> dict[str, object]:
    """Two or more products side by side."""
    rows = [find_product(product) for product in products]
    cheapest = min(rows, key=lambda row: row["price"])
    return {"products": rows, "cheapest": cheapest["name"]}


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
