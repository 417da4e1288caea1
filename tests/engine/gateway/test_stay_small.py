import subprocess
import sys

HEAVY = {"sqlalchemy", "flask", "werkzeug", "pydantic", "redis", "rq", "cryptography", "pygit2"}


class TestStaySmall:
    def test_carries_neither_database_nor_web_framework(self):
        told = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, app.engine.gateway; print(*{m.split('.')[0] for m in sys.modules})",
            ],
            capture_output=True,
            text=True,
            check=True,
        )

        assert HEAVY & set(told.stdout.split()) == set()
        assert "aiohttp" in told.stdout.split()
