"""Addresses of links and pictures, compared as a browser on a page would follow them."""

from urllib.parse import unquote, urljoin, urlsplit

_HERE = "http://page.invalid"


def is_same(one: str, other: str, page: str) -> bool:
    """Tell whether two addresses lead to the same from `page`, a path such as `/about.html`."""
    return one == other or _resolved(one, page) == _resolved(other, page)


def leads_alike(absolute: str, relative: str, page: str) -> bool:
    """Tell whether a whole address and one within the site differ in no more than the host."""
    if not urlsplit(absolute).netloc or urlsplit(relative).netloc:
        return False
    return _resolved(absolute, page)[2:] == _resolved(relative, page)[2:]


def _resolved(address: str, page: str) -> tuple[str, str, str, str, str]:
    try:
        whole = urlsplit(urljoin(urljoin(_HERE, page or "/"), address.strip()))
    except ValueError:
        return ("", "", address, "", "")
    return (whole.scheme, whole.netloc, unquote(whole.path) or "/", whole.query, whole.fragment)
