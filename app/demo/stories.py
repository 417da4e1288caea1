"""The stories of the demo: a bicycle post and what its people want of their site."""

from app.demo.script import (
    YOU,
    Accept,
    Agree,
    Ask,
    Claim,
    Drop,
    Edit,
    Merge,
    Offer,
    Part,
    Push,
    Say,
    Story,
    Take,
    Try,
    WantChanges,
)
from app.requests.models import RequestPriority, RequestType

PROJECT = "Pedal Post"
DESCRIPTION = "A sample: the site of a bicycle post, with requests at every step of the road."
MARA, JONAS, INES = "mara", "jonas", "ines"
CAST = {
    MARA: Part("Mara Lind", "mara", "requester"),
    JONAS: Part("Jonas Weber", "jonas", "developer"),
    INES: Part("Ines Okafor", "ines", "requester"),
}
LABELS = {"Delivery": "#1f8f5f", "Help": "#7a5af0", "Phone": "#2f6fde", "Prices": "#b7791f"}

DELIVERY_AREA = Story(
    key="area",
    by=MARA,
    title="Show where we deliver on the start page",
    description="Every third call is “do you come to us as well?”. Let the start page answer it.",
    type=RequestType.FEATURE,
    labels=("Delivery",),
    steps=(
        Claim(JONAS),
        Ask(answers=1),
        Agree(
            """Feature: Show where we deliver

  Scenario: The districts stand on the start page
    Given the start page is open
    Then there is a part with the heading "Where we ride"
    And it names every district that we deliver to
"""
        ),
        Take(JONAS),
        Push(
            JONAS,
            "Name the districts on the start page",
            (
                Edit(
                    "index.html",
                    '    <section class="quote">\n',
                    """    <section class="text" aria-labelledby="where">
      <h2 id="where">Where we ride</h2>
      <p>Old Town, Harbour, Mill Quarter, Southbank and the station. For the hills, call us first.</p>
    </section>

    <section class="quote">
""",
                ),
            ),
        ),
        Try(),
        Say(MARA, "Exactly what I read to people on the phone. Thank you!"),
        Accept(),
        Offer(JONAS),
        Merge(JONAS),
    ),
)

PRICE_TABLE = Story(
    key="prices",
    by=INES,
    title="Put all prices into one table",
    description="The prices hide in a sentence. A table can be read at a glance, also on a phone.",
    labels=("Prices",),
    steps=(
        Claim(JONAS),
        Ask(answers=2),
        Agree(
            """Feature: Put all prices into one table

  Scenario: Each weight has a line
    Given the page "Prices" is open
    Then there is a table with a line for each weight
    And each line names its price

  Scenario: It fits on a phone
    Given the page "Prices" is open on a phone
    Then nothing has to be scrolled sideways
"""
        ),
        Take(JONAS),
        Push(
            JONAS,
            "Show the prices as a table",
            (
                Edit(
                    "prices.html",
                    "      <p>A letter costs 4, a parcel up to five kilograms 9, "
                    "and a parcel up to fifteen kilograms 14.</p>\n",
                    """      <table>
        <tr><th scope="col">What</th><th scope="col">Price</th></tr>
        <tr><td>Letter</td><td>4</td></tr>
        <tr><td>Parcel up to 5 kg</td><td>9</td></tr>
      </table>
""",
                ),
            ),
        ),
        Try(),
        WantChanges("The heavy parcel up to 15 kg is gone. And please say which currency it is."),
        Push(
            JONAS,
            "Bring back the heavy parcel, and name the currency",
            (
                Edit(
                    "prices.html",
                    "        <tr><td>Letter</td><td>4</td></tr>\n"
                    "        <tr><td>Parcel up to 5 kg</td><td>9</td></tr>\n",
                    """        <tr><td>Letter</td><td>€ 4</td></tr>
        <tr><td>Parcel up to 5 kg</td><td>€ 9</td></tr>
        <tr><td>Parcel up to 15 kg</td><td>€ 14</td></tr>
""",
                ),
            ),
        ),
        Try(),
        Accept(),
        Offer(JONAS),
        Merge(JONAS),
    ),
)

ORDER_BY_FOUR = Story(
    key="yours",
    by=YOU,
    title="Say until when a parcel still arrives today",
    description="People order at six and wonder why nobody comes. Let the first screen say until when an "
    "order counts for the same day.\n\n*This request of the sample stands in your name, so that you see what "
    "it is like to be asked: open the preview, look at the top of the page, and accept it or ask for more.*",
    priority=RequestPriority.HIGH,
    labels=("Delivery",),
    steps=(
        Claim(JONAS),
        Ask(answers=1),
        Agree(
            """Feature: Say until when a parcel still arrives today

  Scenario: The hour stands on the first screen
    Given the start page is open
    Then "Ordered by 4 pm, delivered today" can be read without scrolling

  Scenario: Later orders know what to expect
    Given the start page is open
    Then it says that later orders arrive the next morning
"""
        ),
        Take(JONAS),
        Say(JONAS, "I put it right under the buttons, where the eye lands next."),
        Push(
            JONAS,
            "Say on the first screen until when an order counts for today",
            (
                Edit(
                    "index.html",
                    '          <a class="button quiet" href="prices.html">What it costs</a>\n        </p>\n',
                    """          <a class="button quiet" href="prices.html">What it costs</a>
        </p>
        <p class="promise">
          <strong>Ordered by 4 pm, delivered today.</strong> Later orders arrive the next morning.
        </p>
""",
                ),
                Edit(
                    "style.css",
                    ".hero { display: grid;",
                    ".promise { display: inline-block; margin: 1.5rem 0 0; padding: .6rem 1rem; "
                    "border-radius: .75rem; background: var(--sun); color: var(--ink); }\n\n"
                    ".hero { display: grid;",
                ),
            ),
        ),
        Try(),
    ),
)

EVENING_DELIVERY = Story(
    key="evening",
    by=INES,
    title="Offer delivery in the evening",
    description="Half of our private customers are at work until six. They would pay a little more for an "
    "evening ride.\n\n- between 18 and 21 o'clock\n- two euros on top",
    type=RequestType.FEATURE,
    priority=RequestPriority.HIGH,
    labels=("Delivery",),
    steps=(
        Ask(answers=2),
        Agree(
            """Feature: Offer delivery in the evening

  Scenario: The prices name the evening ride
    Given the page "Prices" is open
    Then a line says "Between 18 and 21 o'clock"
    And it costs two euros more
"""
        ),
        Say(MARA, "The riders are fine with it, as long as it is not every evening."),
    ),
)

WHERE_IS_IT = Story(
    key="tracking",
    by=MARA,
    title="Let people see where their parcel is",
    description="They call us to ask. A page where one types the number of the parcel would save us an hour "
    "a day.",
    type=RequestType.FEATURE,
    priority=RequestPriority.URGENT,
    labels=("Delivery",),
    steps=(Ask(answers=1),),
)

GIFT_CARDS = Story(
    key="gifts",
    by=INES,
    title="Sell gift cards before the holidays",
    description="Ten rides for somebody who hates queues.",
    type=RequestType.FEATURE,
    priority=RequestPriority.LOW,
    labels=("Prices",),
    steps=(Say(JONAS, "Before or after payment on the site? Without it we would send an invoice."),),
)

FRENCH_HELP = Story(
    key="french",
    by=MARA,
    title="Help page in French",
    description="The harbour hotels ask for it. I have the texts.",
    labels=("Help",),
    steps=(
        Claim(JONAS),
        Ask(answers=1),
        Agree(
            """Feature: Help page in French

  Scenario: The help can be read in French
    Given the page "Help" is open
    When somebody chooses "Français"
    Then the same answers stand there in French
"""
        ),
        Say(MARA, "The texts are with a translator until Thursday."),
        Take(JONAS),
    ),
)

BIGGER_BUTTONS = Story(
    key="buttons",
    by=INES,
    title="Bigger buttons on the phone",
    description="I keep hitting the wrong one with gloves on.",
    type=RequestType.BUG,
    labels=("Phone",),
    steps=(
        Claim(JONAS),
        Agree(
            """Feature: Bigger buttons on the phone

  Scenario: Every button can be hit with a thumb
    Given the start page is open on a phone
    Then each button is at least 44 pixels high
"""
        ),
        Take(JONAS),
        Push(
            JONAS,
            "Make the buttons as high as a thumb",
            (
                Edit(
                    "style.css",
                    ".button { display: inline-block; padding: .5rem 1rem;",
                    ".button { display: inline-block; padding: .8rem 1.4rem;",
                ),
            ),
        ),
        Try(),
        WantChanges(
            "Much better! Now the links in the menu are the smallest thing on the page. Bigger, please."
        ),
        Say(JONAS, "Will do, on Monday."),
    ),
)

LOST_PARCEL = Story(
    key="lost",
    by=MARA,
    title="Answer what happens when a parcel is lost",
    description="It happened once in four years. Still, people ask before they send something dear.",
    labels=("Help",),
    steps=(
        Claim(JONAS),
        Ask(answers=1),
        Agree(
            """Feature: Answer what happens when a parcel is lost

  Scenario: The help page answers it
    Given the page "Help" is open
    Then there is a question "What if a parcel is lost?"
    And the answer names the sum that we pay
"""
        ),
        Take(JONAS),
        Push(
            JONAS,
            "Answer what happens when a parcel is lost",
            (
                Edit(
                    "help.html",
                    "After that it waits for you at Mill Lane.</p>\n",
                    """After that it waits for you at Mill Lane.</p>
      <h2>What if a parcel is lost?</h2>
      <p>We look for it for two days. Then we pay what was in it, up to 500 euros, without a form.</p>
""",
                ),
            ),
        ),
        Try(),
        Accept(),
        Offer(JONAS),
    ),
)

PHONE_NUMBER = Story(
    key="phone",
    by=MARA,
    title="Let phones call our number",
    description="On a phone one has to remember the number and type it. It should be a link.",
    type=RequestType.CHORE,
    priority=RequestPriority.LOW,
    labels=("Phone", "Help"),
    steps=(
        Claim(JONAS),
        Agree(
            """Feature: Let phones call our number

  Scenario: The number is a link
    Given the start page is open
    Then the phone number in the footer is a link that calls it
"""
        ),
        Take(JONAS),
        Push(
            JONAS,
            "Link the phone number",
            tuple(
                Edit(
                    page,
                    "<p>Call us: 555 0142</p>",
                    '<p>Call us: <a href="tel:5550142">555 0142</a></p>',
                )
                for page in ("index.html", "prices.html", "help.html")
            ),
        ),
        Try(),
        Accept(),
    ),
)

BICYCLE_BELL = Story(
    key="bell",
    by=INES,
    title="Ring a bicycle bell when the page opens",
    description="It would make people smile.",
    priority=RequestPriority.LOW,
    steps=(
        Say(MARA, "I open the page forty times a day. Please, no."),
        Drop(INES, "Sounds that nobody asked for annoy people. We keep the bell on the bicycles."),
    ),
)

IN_ORDER = (
    DELIVERY_AREA,
    PRICE_TABLE,
    BICYCLE_BELL,
    LOST_PARCEL,
    PHONE_NUMBER,
    BIGGER_BUTTONS,
    ORDER_BY_FOUR,
    FRENCH_HELP,
    EVENING_DELIVERY,
    WHERE_IS_IT,
    GIFT_CARDS,
)
"""In the order in which they were asked for."""
FIRST = ORDER_BY_FOUR
"""Whose preview the newcomer shall have first."""
