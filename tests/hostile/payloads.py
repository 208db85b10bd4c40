"""Texts that try to leave their place in source code: one list for every place and every language."""

from __future__ import annotations

PY = "__import__('builtins').canary()"

COMMENTS = [
    "*/ canary() /*", "/* canary()", "/", "*", "*\u200b/ canary()", "*\\/ canary() /**", "// canary()\ncanary()", "<!-- canary()", "--> canary()",
    "*/canary()/*", "**/ canary()", "*\u00ad/ canary()", "\n*/\ncanary()\n/*", "@import canary()", "@deprecated {canary()}", "@type {import('canary')}",
    "@ts-ignore", "@ts-nocheck", "@ts-expect-error", "# type: ignore\ncanary()", "# noqa\n", "eslint-disable */ canary()", "sourceMappingURL=canary",
    "//# sourceMappingURL=data:,canary()", "#! /bin/canary", "```\ncanary()\n```", "~~~\ncanary()\n~~~", "    canary()", "\tcanary()", "[x]: canary()",
    "[`canary()`]", "<script>canary()</script>", "</script><script>canary()</script>", "]]> canary()", "<![CDATA[canary()]]>", "<!--#exec canary-->",
    "# -*- coding: utf-7 -*-\n+AAo-canary()", "-*- coding: utf-7 -*-",
]  # fmt: skip

QUOTES = [
    f'"""\n{PY}\n"""', f'""" + {PY} + """', f"'''\n{PY}\n'''", f'"""\n    {PY}\n    """', '"', '""', '"""', '""""', "'", "''", "'''", "\\", '\\"', '\\\\"', '\\"""',
    "a\\", '"\\', "\\'", f'"; {PY}; "', f"'; {PY}; '", f'"\n{PY}\n"', f"'\n{PY}\n'", f'" + {PY} + "', f"' + {PY} + '", f'", {PY}, "', f"', {PY}, '",
    f'"] | {PY} | Literal["', f"'] | {PY} | Literal['", f'"): {PY} #', "'); canary(); ('", '"); canary(); //', '" + canary() + "', "' + canary() + '",
    '", canary(), "', "', canary(), '", '"#; canary(); r#"', '"##; canary(); //', "r#\"", '"' + "#" * 300, '"' + "#" * 254 + " canary()", "#![canary()]",
    "#[canary()]", "b\"", "f\"{canary()}\"", "rb'''", "'a", "'static", "\"\\u{", "\\x", "\\u", "\\N{",
]  # fmt: skip

TEMPLATES = [
    "${canary()}", "`${canary()}`", "`", "$`", "#{canary()}", "{{canary()}}", "{{{canary()}}}", "{{> canary}}", "{{#if canary}}", "{% canary() %}",
    "<%= canary() %>", "{", "}", "{}", "{{", "}}", "{0.__class__}", "{canary!r}", "%s%n%d", "%(canary)s", "$(canary)", "$canary", "%canary%",
]  # fmt: skip

ESCAPES = [
    "\\u{63}", "\\u000acanary()", "\\x0acanary()", "\\N{LINE FEED}canary()", "\\u002a/ canary()", "\\u0022 + canary() + \\u0022", "\\U0000000acanary()",
    "\\012canary()", "a\\\ncanary()", "\\r\\ncanary()", "&#10;canary()", "&quot; canary()", "%0acanary()",
]  # fmt: skip

LINES = [
    "\ncanary()", "\rcanary()", "\r\ncanary()\r\n", "\x0bcanary()", "\x0ccanary()", "\x1ccanary()", "\x1dcanary()", "\x1ecanary()", "\x85canary()",
    "\u2028canary()", "\u2029canary()", "\n\n\ncanary()", "canary()\n", "a\n    canary()\nb", "\n\tcanary()",
]  # fmt: skip

CHARACTERS = [
    "\0canary()", "\x01", "\x08canary()", "\x1acanary()", "\x1b[31mcanary()", "\x1b]0;canary\x07", "\x7f", "\x9bcanary()", "\ufeffcanary()",
    "\u202ecanary()\u202c", "\u202dcanary()", "\u2066canary()\u2069", "\u2067 \u2066canary()\u2069 \u2066", "\u200ecanary()", "\u061ccanary()",
    "\U000e0041canary()", "\U000e0100", "\ufe01\ufe02", "\u3164", "\uffa0", "\u115f\u1160", "\u034f", "\u180e", "\u2060", "\u206a", "\ufff9a\ufffb", "\xad",
    "\ufdd0", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff", "\ue000", "\U0001d173", "с\u0430n\u0430ry()", "ｃａｎａｒｙ（）", "canary\u0301()", "ﬁ", "ı", "ſ", "K",
    "Å", "\u1e9e", "é" * 500, "\U0001f468\u200d\U0001f4bb", "\u2764\ufe0f", "\u0e33" * 50, "a" + "\u0300" * 200,
]  # fmt: skip

WORDS = [
    "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then", "valueOf", "__class__", "__init__", "__dict__", "__slots__", "__import__",
    "import", "class", "self", "Self", "await", "async", "None", "default", "fn", "crate", "super", "type", "extra", "list", "str", "dict", "Json", "Literal",
    "builtins", "canary", "con", "NUL", "aux", "com1", "lpt9", "index", "mod", "types", "exports", "module", "require", "arguments", "eval", "undefined",
    "value", "at", "record", "put", "x" * 5000, "canary() " * 600, "", " ", "  a  ", "0", "-1", "1e999", "NaN", "true", "null",
]  # fmt: skip

PATHS = [
    "../canary", "../../canary", "/canary", "..\\canary", "C:\\canary", "\\\\canary\\x", "./canary", "a/../../canary", ".", "..", "~/canary", "canary\0.rs",
    "file:///canary", "canary.py/../x", "CON", "a:b", "a|b", "a?b",
]  # fmt: skip

IMPORTS = [
    f"abc import ABC\n{PY}\nfrom abc.ABC", f"abc.ABC\n{PY}\n#", f"os.path; {PY}; from os.x", "canary.canary()", "x; import 'canary'", "x'; import 'canary'; '",
    "std::process::exit(canary())", "use canary::*;",
]  # fmt: skip

PAYLOADS = [*COMMENTS, *QUOTES, *TEMPLATES, *ESCAPES, *LINES, *CHARACTERS, *WORDS, *PATHS, *IMPORTS]
