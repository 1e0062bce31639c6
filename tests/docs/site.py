#!/usr/bin/python3
"""The documentation's site is built without a warning; its pages link to each other; the search index has what the pages say."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.environ["ENTENTE_SOURCE"]
with tempfile.TemporaryDirectory(prefix="entente-test-") as folder:
    done = subprocess.run([sys.executable, os.path.join(ROOT, "tools", "docs.py"), sys.argv[1], folder], capture_output=True, text=True)
    html = os.path.join(folder, "html")
    pages = [os.path.join(d, f) for d, _, names in os.walk(html) for f in names if f.endswith(".html")] if done.returncode == 0 else []
    broken = []
    for page in pages:
        for link in re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', open(page, encoding="utf-8").read()):
            if not os.path.exists(os.path.join(os.path.dirname(page), link)):
                broken.append(f"{os.path.basename(page)} -> {link}")
    index = open(os.path.join(html, "searchindex.js"), encoding="utf-8").read() if pages else ""
    facts = (("the site is built without a warning", done.returncode == 0, done.stderr[-3000:]),
             ("it has a page for the tutorial, models, commands, C, Python and R",
              all(os.path.exists(os.path.join(html, n + ".html")) for n in ("tutorial", "models", "commands", "c", "python", "r")), pages),
             ("no link leads nowhere", bool(pages) and not broken, broken[:10]),
             ("search works offline and knows salience and attribution", "salienc" in index and "attribut" in index, index[:200]))
for number, (name, good, why) in enumerate(facts, 1):
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    if not good:
        print(why, file=sys.stderr)
print(f"1..{len(facts)}")
sys.exit(0 if all(good for _, good, _ in facts) else 1)
