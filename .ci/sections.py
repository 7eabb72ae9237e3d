"""The generated sections of a page.

A section is the text between `<!-- NAME: written by SCRIPT -->` and `<!-- end of NAME -->`. The script that measures it
replaces it, and leaves the rest of the page to its authors.
"""

import re


def replace(page, name, text):
    """Replaces the section of this name in a page, a path of pathlib."""
    section = re.compile(rf"(<!-- {name}: written by [^\n]+ -->\n)(.*?)(<!-- end of {name} -->\n)", re.S)
    replaced, count = section.subn(lambda found: f"{found[1]}\n{text.strip()}\n\n{found[3]}", page.read_text())
    if count != 1:
        raise SystemExit(f"{page}: expected one section {name}, found {count}")
    page.write_text(replaced)


def table(headings, rows):
    """A table in Markdown. The cells of a row are texts or numbers."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
