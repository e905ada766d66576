"""What a customer sees of the shop that is up."""

import json
from urllib.request import urlopen

FRONT = "http://localhost:28091"


def test_the_front_page_names_the_shop():
    with urlopen(f"{FRONT}/index.html", timeout=10) as answer:
        assert answer.read() == b"<h1>Our shop</h1>\n"


def test_the_front_has_what_the_api_says():
    with urlopen(f"{FRONT}/stock.json", timeout=10) as answer:
        assert json.load(answer) == {"apples": 3}
