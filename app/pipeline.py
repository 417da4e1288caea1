"""What follows from what: the road of a request, on one page.

Every handler is one line and runs inside the transaction of the fact it hears.
"""
