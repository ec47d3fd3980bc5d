"""Makes the pages of the manual from its texts in docs/manual/source, one HTML file a page and language.

python docs/make_manual.py
"""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

MANUAL = Path(__file__).resolve().parent / "manual"
TITLES = {"zh": "绿图使用手册", "en": "Lütu manual"}
LANGUAGE_CODES = {"zh": "zh-CN", "en": "en"}
OTHER = {"zh": ("en", "English"), "en": ("zh", "中文")}
PAGE = re.compile(r"^# (\S+) \| (.+)$", re.MULTILINE)
POLICY = "!policy"  # stands for the table of the national plan, clause by clause
POLICY_HEADS = {
    "zh": ("条款", "规划要求", "绿图", "成果"),
    "en": ("Clause", "What the plan asks", "What Lütu does", "Where"),
}
IN_TEXT_ALONE = {"zh": "仅文字", "en": "in words only"}
PICTURE = re.compile(r"^!\[(.+)\]\((.+)\)$")


def main() -> None:
    """Write all pages."""
    for language in TITLES:
        (MANUAL / language).mkdir(exist_ok=True)
        for name, content in pages(language).items():
            (MANUAL / language / f"{name}.html").write_text(content, encoding="utf-8")


def pages(language: str) -> dict[str, str]:
    """The pages of a language as HTML by name."""
    parts = PAGE.split((MANUAL / "source" / f"{language}.md").read_text(encoding="utf-8"))[1:]
    found = list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))
    titles = {name: title for name, title, _ in found}
    return {name: _page(language, name, titles, words) for name, _, words in found}


def _page(language: str, name: str, titles: dict[str, str], words: str) -> str:
    links = [
        f'<a{" class=" + chr(34) + "here" + chr(34) if other == name else ""} href="{other}.html">{_said(title)}</a>'
        for other, title in titles.items()
    ]
    folder, called = OTHER[language]
    links.append(f'<a class="other" href="../{folder}/{name}.html">{called}</a>')
    body = _body(language, words)
    return (
        f'<!doctype html>\n<html lang="{LANGUAGE_CODES[language]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{_said(titles[name])} – {TITLES[language]}</title>\n'
        f'<link rel="stylesheet" href="../style.css">\n</head>\n<body>\n<nav>\n<b>{TITLES[language]}</b>\n'
        + "\n".join(links)
        + f"\n</nav>\n<main>\n<h1>{_said(titles[name])}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _body(language: str, words: str) -> str:
    """Paragraphs, headings, lists, pictures and the table of the national plan."""
    made: list[str] = []
    for line in words.strip().splitlines():
        item = line.startswith("- ")
        if made and made[-1].startswith("<li>") and not item:
            made.append("</ul>")
        if picture := PICTURE.match(line):
            made.append(f'<img src="../pictures/{picture[2]}-{language}.png" alt="{_said(picture[1])}">')
        elif line == POLICY:
            made.append(_policy(language))
        elif line.startswith("## "):
            made.append(f"<h2>{_said(line[3:])}</h2>")
        elif item:
            if not made or not made[-1].startswith("<li>"):
                made.append("<ul>")
            made.append(f"<li>{_said(line[2:])}</li>")
        elif line.strip():
            made.append(f"<p>{_said(line)}</p>")
    if made and made[-1].startswith("<li>"):
        made.append("</ul>")
    return "\n".join(made)


def _policy(language: str) -> str:
    """The clauses of the national plan, what Lütu does for each, and the tables, commands and documents that show it."""
    with (MANUAL / "source" / "policy.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    made = ["<table>", _cells("th", POLICY_HEADS[language])]
    for row in rows:
        done = row[f"done_{language}"]
        if row["state"] == "text":
            done += f" ({IN_TEXT_ALONE[language]})" if language == "en" else f"（{IN_TEXT_ALONE[language]}）"
        shown = ("、" if language == "zh" else ", ").join(
            _shown(one.strip()) for one in row["shown_by"].split(";")
        )
        cells = (row["section"], row[f"asks_{language}"], done, shown)
        made.append(_cells("td", cells))
    return "\n".join([*made, "</table>"])


def _shown(token: str) -> str:
    """A table of the plan, a command or a document as the manual writes it."""
    kind, _, name = token.partition(":")
    if kind == "document":
        return f"《{name}》"
    return (
        f"`lutu {name}`"
        if kind == "command"
        else f"`lutu assess {name}`"
        if kind == "assess"
        else f"`plan_{name}`"
    )


def _cells(tag: str, words: tuple[str, ...]) -> str:
    return "<tr>" + "".join(f"<{tag}>{_said(one)}</{tag}>" for one in words) + "</tr>"


def _said(words: str) -> str:
    """Words with what is bold and what is code."""
    plain = html.escape(words, quote=False)
    plain = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", plain)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", plain)


if __name__ == "__main__":
    main()
