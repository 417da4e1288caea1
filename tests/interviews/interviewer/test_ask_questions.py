import pytest

from app.interviews.interviewer import YOU_DECIDE, Brief, Question, questions_for


def ids(brief, outline, answers=None) -> list[str]:
    return [question.id for question in questions_for(brief, outline, answers)]


def labels(question: Question) -> list[str]:
    return [choice.label for choice in question.choices]


class TestEveryForm:
    @pytest.mark.parametrize("type_", ["feature", "enhancement", "bug", "chore"])
    @pytest.mark.parametrize(
        "title", ["x", "Improve it", "Search", "Öffnungszeiten", "画面が真っ白", "a " * 99]
    )
    def test_has_at_most_five_questions_each_with_you_decide(self, bakery, notes, type_, title):
        for outline in (bakery, notes):
            questions = questions_for(Brief(title, "", type_), outline)

            assert 1 <= len(questions) <= 5
            assert all(question.choices[-1].id == YOU_DECIDE for question in questions)
            assert len({question.id for question in questions}) == len(questions)
            assert all(
                len({c.id for c in question.choices}) == len(question.choices) for question in questions
            )

    def test_offers_the_apps_own_pages_those_first_that_the_request_resembles(self, bakery):
        page = questions_for(Brief("Something about how to contact you", "", "enhancement"), bakery)[0]

        assert labels(page) == ["Contact", "Home", "About", "Every page", "You decide"]

    def test_offers_the_headings_and_buttons_of_the_page_that_was_chosen(self, bakery):
        brief = Brief("Something is odd", "", "enhancement")

        by_id = {q.id: q for q in questions_for(brief, bakery, {"page": "page:/contact.html"})}

        assert "Part “Find us”" in labels(by_id["element"])
        assert "Button “Send message”" in labels(by_id["element"])
        assert not any("Opening hours" in label for label in labels(by_id["element"]))

    def test_later_questions_follow_the_answers(self, bakery):
        brief = Brief("Improve it", "", "enhancement")

        assert ids(brief, bakery) == ["page", "change", "element", "expected", "keep"]
        assert ids(brief, bakery, {"change": "words"}) == ["page", "change", "element", "words"]
        assert ids(brief, bakery, {"change": "move"}) == ["page", "change", "element", "place", "keep"]
        assert ids(Brief("Something", "", "feature"), bakery, {"page": "new_page"})[2] == "entry"

    def test_asks_who_only_where_people_sign_in(self, bakery, notes):
        assert "who" not in ids(Brief("A list of events"), bakery)
        assert "who" in ids(Brief("A list of events"), notes)

    def test_an_app_without_readable_pages_is_asked_about_in_words(self, read):
        page = questions_for(Brief("Improve it", "", "enhancement"), read({}))[0]

        assert page.id == "page"
        assert page.allow_text
        assert labels(page) == ["You decide"]


class TestWhatIsSaidIsNotAsked:
    def test_a_page_that_is_named(self, bakery):
        for words in (
            "on the contact page",
            "see contact.html",
            "on /contact.html",
            "Look at the page “Contact”",
        ):
            assert "page" not in ids(Brief("Nicer", words, "enhancement"), bakery), words

    def test_a_word_that_is_also_a_pages_name_is_not_a_page(self, bakery):
        assert "page" in ids(
            Brief("Tell people about our prices", "They ask how to contact us", "enhancement"), bakery
        )

    def test_two_named_pages_are_asked_about(self, bakery):
        brief = Brief("Same heading on the home page and on the contact page", "", "enhancement")

        assert "page" in ids(brief, bakery)

    def test_a_quoted_text_and_the_place_it_stands_in(self, bakery):
        brief = Brief('Replace "Three generations" with "Four generations"', "", "enhancement")

        assert ids(brief, bakery) == []

    @pytest.mark.parametrize(
        ("text", "new"),
        [
            ('"Mill Lane 3" should be "Mill Lane 5"', "Mill Lane 5"),
            ('Write "Mill Lane 5" instead of "Mill Lane 3"', "Mill Lane 5"),
            ("Change the address to Mill Lane 5.", "Mill Lane 5"),
            ("Unsere Adresse „Mill Lane 3“ → „Mill Lane 5“", "Mill Lane 5"),
        ],
    )
    def test_new_words_however_they_are_told(self, bakery, text, new):
        from app.interviews.interviewer import compose

        brief = Brief("Our address on the contact page", text, "enhancement")

        assert "words" not in ids(brief, bakery)
        assert f'Then they read "{new}"' in compose(brief, bakery, [], {}).gherkin

    def test_device_and_frequency_of_a_bug(self, bakery):
        brief = Brief("Menu stays closed on my iPhone", "It happens every time.", "bug")

        assert not {"device", "often", "action", "actual"} & set(ids(brief, bakery))

    def test_a_phone_number_is_no_phone(self, bakery):
        assert "device" in ids(Brief("The page with the phone number is blank", "", "bug"), bakery)

    def test_it_does_not_work_is_not_what_happens(self, bakery):
        assert "actual" in ids(Brief("Contact form broken", "It doesn't work.", "bug"), bakery)
        assert "actual" not in ids(Brief("Contact form broken", "I get error 500.", "bug"), bakery)

    def test_a_wrong_text_is_asked_about_as_a_text(self, bakery):
        assert ids(Brief("Wrong phone number on the contact page", "", "bug"), bakery) == ["element", "words"]

    def test_the_only_form_is_the_form(self, bakery):
        brief = Brief("The form loses what I typed", "", "bug")

        assert not {"page", "action"} & set(ids(brief, bakery))

    def test_a_wish_for_a_new_page_is_no_wish_for_an_old_one(self, bakery):
        assert "page" not in ids(Brief("Add a page with job offers"), bakery)
        assert "entry" in ids(Brief("Add a page with job offers"), bakery)
        assert "entry" not in ids(Brief("Add a newsletter sign-up to the home page"), bakery)

    def test_upkeep_with_a_version_asks_only_what_visitors_may_notice(self, notes):
        assert ids(Brief("Upgrade Flask to 3.1", "", "chore"), notes) == ["notice"]
