#!/usr/bin/env python3
"""Numbers read and written the same under a locale with a decimal comma: test_number again, in German."""
import os
import shutil
import subprocess
import sys
import tempfile


def main():
    if not shutil.which("localedef") or not os.path.exists("/usr/share/i18n/locales/de_DE"):
        print("1..1\nok 1 - de_DE # SKIP localedef or its sources are not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "de_DE.UTF-8")
        subprocess.run(["localedef", "-c", "-i", "de_DE", "-f", "UTF-8", "--no-archive", made],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        environment = dict(os.environ, LOCPATH=folder, CMOCKA_MESSAGE_OUTPUT="TAP")
        done = subprocess.run([sys.argv[1]], capture_output=True, text=True, errors="replace", env=environment)
    lines = done.stdout.splitlines()
    ran = "# in locale de_DE.UTF-8" in lines and any(
        line.startswith("ok") and "the_locale_does_not_matter" in line for line in lines)
    if not ran:
        print("\n".join("# " + line for line in lines))
    print(f"1..1\n{'ok' if ran else 'not ok'} 1 - numbers are the same in German")
    sys.exit(0 if ran else 1)


if __name__ == "__main__":
    main()
