"""The text of a PDF or a Word file is read; what cannot be read says why."""

import io

import pytest
from docx import Document as Word
from pypdf import PdfWriter

from app.core.errors import Invalid
from app.core.files import Upload
from app.specs.texts import ReadFile, files, read_file
from app.specs.writer.reading import read


def word(*, heading: str = "Guests") -> bytes:
    document = Word()
    document.add_heading(heading, level=1)
    document.add_paragraph("Guests can book a table", style="List Bullet")
    document.add_paragraph("The owner must see all bookings.")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def pdf(text: str = "Guests can book a table.", *, password: str = "") -> bytes:
    """Write a page with one line of text, as small as a PDF may be."""
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 << /Subtype /Type1 >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    plain = body + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (table, len(body))
    )
    if not password:
        return plain
    writer, locked = PdfWriter(clone_from=io.BytesIO(plain)), io.BytesIO()
    writer.encrypt(password, algorithm="RC4-128")
    writer.write(locked)
    return locked.getvalue()


def handed_in(name: str, content: bytes) -> ReadFile:
    return read_file(Upload(name, io.BytesIO(content)))


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        handed_in(name, content)
    return refused.value.errors[0]["msg"]


class TestReadFile:
    def test_reads_a_word_file_with_its_headings_and_lists(self):
        found = handed_in("Idea.DOCX", word())

        points = read(found.text).points
        assert [(point.heading, point.text) for point in points] == [
            ("Guests", "Guests can book a table"),
            ("Guests", "The owner must see all bookings"),
        ]

    def test_reads_a_pdf(self):
        assert handed_in("idea.pdf", pdf()).text == "Guests can book a table."

    def test_takes_no_folder_from_a_name(self):
        assert handed_in("../../etc/idea.md", b"Guests").name == "idea.md"

    def test_says_that_a_pdf_is_locked(self):
        assert "locked by a password" in refusal("a.pdf", pdf(password="x"))

    def test_says_that_there_are_too_many_pages(self, monkeypatch):
        monkeypatch.setattr(files, "MOST_PAGES", 0)

        assert "more than 0 pages" in refusal("a.pdf", pdf())

    def test_says_that_a_picture_of_text_is_no_text(self):
        assert "A scan has to be turned into text" in refusal("a.pdf", pdf(""))

    def test_is_not_filled_up_by_what_is_packed(self, monkeypatch):
        monkeypatch.setattr(files, "_LARGEST_UNPACKED", 1000)

        assert "too large once it is unpacked" in refusal("a.docx", word())

    def test_takes_what_a_spec_can_hold(self):
        assert "200000 characters" in refusal("a.txt", b"x" * 200_001)
