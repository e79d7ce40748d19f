"""scripts/fetch_data.sh without a network: descriptions made here, downloads from file:// addresses.

Usage: fetch_data_test.py SCRIPT
"""

import hashlib
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

SCRIPT = sys.argv.pop(1)


class FetchData(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.target = self.folder / "target"
        (self.folder / "descriptions").mkdir()

    def describe(self, downloads, files='[[files]]\nname = "small.csv"\n'):
        (self.folder / "descriptions" / "small.toml").write_text(
            'name = "small"\nsummary = "A small set"\nlicence = "CC0"\nterms = "Sign in first."\n'
            'home = "the owner\'s page"\ncitation = "Nobody: Nothing"\n' + downloads + files +
            '[columns]\nnames = ["a"]\n')

    def run_script(self, *arguments, answer=""):
        environment = dict(os.environ, C2AL_DESCRIPTIONS=str(self.folder / "descriptions"))
        return subprocess.run([SCRIPT, *arguments], input=answer, env=environment, capture_output=True, text=True)

    def download(self, name, content, **sums):
        (self.folder / name).write_bytes(content)
        lines = "".join(f'{kind} = "{value}"\n' for kind, value in sums.items())
        return f'[[downloads]]\nurl = "file://{self.folder / name}"\n{lines}'

    def test_names_and_wrong_command_lines(self):
        self.describe("")
        self.assertEqual(self.run_script().stdout, "small\n")
        unknown = self.run_script("smal")
        self.assertEqual(unknown.returncode, 2)
        self.assertIn("unknown data set 'smal': expected one of small", unknown.stderr)
        self.assertEqual(self.run_script("--no", "small").returncode, 2)
        self.assertEqual(self.run_script("small", "a", "b").returncode, 2)

    def test_explains_what_is_done_by_hand(self):
        self.describe("", '[[files]]\nname = "small.csv"\n[[joins]]\nfile = "users.csv"\n')
        result = self.run_script("small", str(self.target))
        self.assertEqual(result.returncode, 3)
        for text in ("licence: CC0", "terms: Sign in first.", "home: the owner's page", "please cite: Nobody",
                     "By hand", "  small.csv\n", "  users.csv\n"):
            self.assertIn(text, result.stdout)
        self.assertFalse(self.target.exists())

    def test_asks_first(self):
        self.describe(self.download("small.csv", b"a\n1\n"))
        for answer in ("", "n\n"):
            result = self.run_script("small", str(self.target), answer=answer)
            self.assertEqual(result.returncode, 1)
            self.assertIn("nothing was downloaded", result.stderr)
            self.assertFalse(self.target.exists())
        self.assertEqual(self.run_script("small", str(self.target), answer="y\n").returncode, 0)
        self.assertEqual((self.target / "small.csv").read_bytes(), b"a\n1\n")

    def test_checks_sums_of_downloads_and_files(self):
        content = b"a\n1\n"
        good = hashlib.sha256(content).hexdigest()
        self.describe(self.download("small.csv", content, sha256="0" * 64))
        result = self.run_script("--yes", "small", str(self.target))
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"sha256 is {good}: expected {'0' * 64}", result.stderr)
        self.assertFalse((self.target / "small.csv").exists())
        self.describe(self.download("small.csv", content, sha256=good, md5=hashlib.md5(content).hexdigest()))
        self.assertEqual(self.run_script("--yes", "small", str(self.target)).returncode, 0)
        # What is there already is checked, not fetched again.
        self.describe("", f'[[files]]\nname = "small.csv"\nsha256 = "{good}"\n')
        again = self.run_script("small", str(self.target))
        self.assertEqual((again.returncode, "complete" in again.stdout), (0, True))
        (self.target / "small.csv").write_bytes(b"a\n2\n")
        self.assertEqual(self.run_script("small", str(self.target)).returncode, 1)

    def test_unpacks_archives_inside_archives(self):
        inner, outer = io.BytesIO(), io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("deep/small.csv", "a\n1\n")
        with zipfile.ZipFile(outer, "w") as archive:
            archive.writestr("folder/inner.zip", inner.getvalue())
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w:gz") as archive:
            info = tarfile.TarInfo("data/users.csv")
            info.size = 2
            archive.addfile(info, io.BytesIO(b"b\n"))
        self.describe(self.download("outer.zip", outer.getvalue()) + self.download("more.tar.gz", tar.getvalue()),
                      '[[files]]\nname = "small.csv"\n[[joins]]\nfile = "users.csv"\n')
        result = self.run_script("--yes", "small", str(self.target))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual((self.target / "small.csv").read_text(), "a\n1\n")
        self.assertEqual((self.target / "users.csv").read_text(), "b\n")

    def test_a_failed_download_and_an_absent_file_are_errors(self):
        self.describe('[[downloads]]\nurl = "file:///no/such/file.csv"\n')
        result = self.run_script("--yes", "small", str(self.target))
        self.assertEqual(result.returncode, 1)
        self.assertIn("the download failed; get it from the owner's page", result.stderr)
        self.describe(self.download("other.csv", b"a\n"),
                      '[[files]]\nname = "small.csv"\n[[files]]\nname = "more.csv"\noptional = true\n')
        result = self.run_script("--yes", "small", str(self.target))
        self.assertEqual(result.returncode, 1)
        self.assertIn("still without small.csv; get it", result.stderr)
        self.assertIn("without more.csv, which is optional", result.stdout)


if __name__ == "__main__":
    unittest.main()
