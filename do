#!/bin/sh
# The front door of the project: `./do` lists what it can do.
set -eu
cd "$(dirname "$0")"

BUILD=build
NEED_BUILD="gcc meson ninja-build pkgconf libfyaml-dev libsqlite3-dev libmd4c-dev libmd4c-html0-dev libexpat1-dev zlib1g-dev libmicrohttpd-dev"
NEED_ENGINE="clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32"
NEED_TEST="$NEED_BUILD $NEED_ENGINE openmpi-bin libopenmpi-dev python3-sphinx python3-myst-parser python3-sphinx-rtd-theme munge slurmctld slurmd slurm-client libcmocka-dev libmpfr-dev libgmp-dev libgsl-dev clang chromium nodejs python3 sqlite3 python3-dev python3-numpy python3-pandas abigail-tools r-base-core make r-cran-testthat r-cran-knitr scdoc python3-jsonschema python3-yaml valgrind locales"

# A compiler for 32 bits, where the machine runs such programs.
[ "$(dpkg --print-architecture 2>/dev/null)" != amd64 ] || NEED_TEST="$NEED_TEST gcc-multilib libc6-dev-i386"

help() {
    cat <<END
./do demo           build, run the shipped scenario: what follows, why, what would change it, and the report
./do build          build an optimised binary: $BUILD/cli/entente
./do test [NAME..]  build and run every test (or those named); ends in "N passed, N failed"
./do web            rebuild the report page (needs Node.js) and its engine; the built files are committed
./do fuzz [SECONDS] [TARGET..]   look for inputs that break a parser or a rule of the mathematics (60 seconds a target)
./do faults          every place where memory or a disk can fail, and 200 kills; ./do test tries some of each
./do coverage       which lines and branches of src/ the tests run: docs/testing/coverage.json, uncovered.md
./do mutate [OPTION..] [FILE..]  change an operator or number of a model and see whether a test notices (hours)
./do hostile [SECONDS] the app's server, built with AddressSanitizer, among hostile clients (600 seconds)
./do matrix [ROW..] the tests by other compilers and checkers: sanitizers, valgrind, 32 bits, two builds of one commit (hours)
./do docs           build the documentation as a site: $BUILD/docs/html/index.html
./do bench [docs]   time the engine against the figures in the issues; docs: write docs/performance.md
./do bench-check    count instructions of ten workloads against bench/instructions.json [--write]
./do install [DIR]  build and install below DIR (/usr/local): program, library, headers
./do uninstall      remove what was installed last
./do python         build the wheel: $BUILD/dist/entente-*.whl
./do r              build R's source package: $BUILD/dist/entente_*.tar.gz
./do deb            build Debian packages: $BUILD/dist/*.deb
./do clean          remove what was built
END
}

# Installs Debian packages that are missing; without root or sudo it prints the line to run. On other systems meson says
# what it lacks.
need() {
    command -v dpkg-query >/dev/null || return 0
    missing=""
    for package in "$@"; do
        case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
        "install ok installed") ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    # Node.js may have come by another way than Debian's package.
    case "$missing" in *" nodejs"*) command -v node >/dev/null && missing=$(echo "$missing" | sed 's/ nodejs//') ;; esac
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        sudo=""
    elif command -v sudo >/dev/null; then
        sudo=sudo
    else
        echo "Some packages are missing. As root, run:" >&2
        echo "  apt-get update && apt-get install -y --no-install-recommends$missing" >&2
        exit 2
    fi
    echo "Installing:$missing" >&2
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

build() {
    [ -f $BUILD/build.ninja ] || meson setup $BUILD "$@" >/dev/null
    [ $# -eq 0 ] || meson configure $BUILD "$@"
    ninja -C $BUILD --quiet
}

case "${1:-help}" in
build)
    need $NEED_BUILD
    build
    echo "$BUILD/cli/entente"
    ;;
demo)
    need $NEED_BUILD
    build
    # What follows and the report; then for each claim why, and what would change it.
    $BUILD/cli/entente run scenarios/european-security-2025 --draws 2000 --why
    $BUILD/cli/entente claims scenarios/european-security-2025 --draws 2000
    echo
    exec $BUILD/cli/entente levers scenarios/european-security-2025
    ;;
test)
    shift
    need $NEED_TEST
    build -Dtests=enabled
    if [ -f web/package-lock.json ] && [ ! -d web/node_modules ]; then
        (cd web && npm ci --ignore-scripts --silent --no-audit --no-fund)
    fi
    exec tests/run.py $BUILD "$@"
    ;;
web)
    [ -d web/node_modules ] || (cd web && npm ci --ignore-scripts --silent --no-audit --no-fund)
    need $NEED_ENGINE
    web/engine/build.py web/engine.wasm
    node web/build.mjs
    exec node web/app/build.mjs
    ;;
docs)
    need $NEED_BUILD python3-sphinx python3-myst-parser python3-sphinx-rtd-theme
    build
    exec tools/docs.py $BUILD/cli/entente $BUILD/docs
    ;;
bench)
    need $NEED_BUILD
    build -Dbench=true
    [ "${2:-}" != docs ] || exec bench/performance.py $BUILD
    exec bench/run.py $BUILD
    ;;
bench-check)
    shift
    need $NEED_BUILD valgrind
    build
    exec bench/check.py $BUILD "$@"
    ;;
fuzz)
    shift
    need $NEED_BUILD clang python3
    exec fuzz/run.py "$@"
    ;;
faults)
    need $NEED_TEST
    build -Dtests=enabled
    export FAULTS_EVERY=1 KILLS=200 FAULTS_TOLD="$PWD/docs/testing/faults.json"
    meson test -C $BUILD --no-rebuild --suite faults --timeout-multiplier 20 --num-processes 1
    exec tests/faults/figures.py $BUILD "$FAULTS_TOLD"
    ;;
coverage)
    need $NEED_TEST gcovr
    exec tools/coverage.py build-coverage
    ;;
mutate)
    shift
    need $NEED_TEST
    exec tools/mutate.py "$@"
    ;;
matrix)
    shift
    need $NEED_TEST
    exec tools/matrix.py "$@"
    ;;
hostile)
    need $NEED_BUILD
    [ -f build-asan/build.ninja ] || meson setup build-asan -Db_sanitize=address,undefined -Dbuildtype=debugoptimized -Dtests=disabled -Dpython=disabled >/dev/null
    ninja -C build-asan --quiet cli/entente
    export ENTENTE="$PWD/build-asan/cli/entente" HOSTILE_SECONDS="${2:-600}" HOSTILE_TOLD="$PWD/docs/testing/hostile.json"
    exec tests/serve/hostile.py
    ;;
install)
    need $NEED_BUILD
    # Meson asks dpkg-dev where libraries go and guesses lib64 without it, where nothing on Debian looks.
    place=$(cc -print-multiarch 2>/dev/null || true)
    build -Dprefix="${2:-/usr/local}" ${place:+-Dlibdir=lib/$place}
    meson install -C $BUILD --no-rebuild --quiet
    [ "$(id -u)" != 0 ] || ldconfig 2>/dev/null || true
    echo "${2:-/usr/local}/bin/entente"
    ;;
uninstall)
    ninja -C $BUILD --quiet uninstall
    ;;
python)
    need $NEED_BUILD python3-dev
    build -Dpython=enabled
    exec bindings/python/wheel.py $BUILD $BUILD/dist
    ;;
r)
    need $NEED_BUILD r-base-core make r-cran-knitr
    build
    bindings/r/stage.py $BUILD/cli/entente $BUILD/r
    mkdir -p $BUILD/dist
    cd $BUILD/dist
    export ENTENTE_CFLAGS="-I$OLDPWD/include" ENTENTE_LIBS="-L$OLDPWD/$BUILD -lentente -Wl,-rpath,$OLDPWD/$BUILD"
    exec R CMD build ../r/entente
    ;;
deb)
    need $NEED_BUILD debhelper dpkg-dev fakeroot scdoc python3
    rm -rf $BUILD/deb
    mkdir -p $BUILD/deb/entente $BUILD/dist
    # What is committed or about to be; outside of git, all but what was built.
    if [ -e .git ]; then git ls-files -z; else find . -path ./$BUILD -prune -o -type f -print0; fi |
        tar --null --files-from=- -cf - | tar -xf - -C $BUILD/deb/entente
    (cd $BUILD/deb/entente && dpkg-buildpackage --build=binary --unsigned-changes --no-check-builddeps)
    mv $BUILD/deb/*.deb $BUILD/deb/*.changes $BUILD/deb/*.buildinfo $BUILD/dist/
    ls $BUILD/dist/*.deb
    ;;
clean)
    rm -rf $BUILD
    ;;
help | --help | -h)
    help
    ;;
*)
    echo "./do: unknown word '$1'" >&2
    help >&2
    exit 2
    ;;
esac
