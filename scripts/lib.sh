# Shared by the scripts beside it: sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
java_wanted=25

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$1"
  exit "${2:-3}"
}

# Prints the feature version of the JDK in folder $1; fails when there is none.
jdk_version() {
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_candidates() {
  local javac
  [[ -n ${JAVA_HOME:-} ]] && printf '%s\n' "$JAVA_HOME"
  if javac=$(command -v javac); then
    dirname "$(dirname "$(readlink -f "$javac")")"
  fi
  if [[ -x /usr/libexec/java_home ]]; then
    /usr/libexec/java_home -v "$java_wanted+" 2>/dev/null || true
  fi
  local folder
  for folder in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* /usr/local/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [[ -d $folder ]] && printf '%s\n' "$folder"
  done
}

# Sets and exports JAVA_HOME to the first JDK that is new enough.
find_jdk() {
  local folder version
  while IFS= read -r folder; do
    version=$(jdk_version "$folder") || continue
    if [[ -n $version && $version -ge $java_wanted ]]; then
      export JAVA_HOME=$folder
      return
    fi
  done < <(jdk_candidates)
  fail "No JDK $java_wanted found in JAVA_HOME, PATH or the usual folders: install a JDK $java_wanted \
(for example Eclipse Temurin $java_wanted: https://adoptium.net/temurin/releases/?version=$java_wanted) \
or set JAVA_HOME."
}

# Sources newer than what was built, when $1 is the file that the build touches last.
is_built() {
  [[ -e $1 ]] || return 1
  local newer
  newer=$(find "$root/pom.xml" "$root"/archive "$root"/indexer "$root"/server \
    -name target -prune -o -path '*/src/test' -prune -o -type f -newer "$1" -print -quit)
  [[ -z $newer ]]
}

# Builds the product and the demo, without tests, when that is needed.
build() {
  local mark=$root/server/target/built
  is_built "$mark" && return
  command -v mvn >/dev/null || fail "Maven is needed to build Muniment: install Maven 3.8.7 or newer."
  say "Building Muniment ..."
  if ! (cd "$root" && mvn -B -Dstyle.color=never -q --no-transfer-progress -DskipTests package) >&2; then
    fail "The build failed."
  fi
  touch "$mark"
}

# Runs a class of the tests of module $1 with the class path of the tests.
run_test_class() {
  local module=$1 path=target/test.classpath
  shift
  (cd "$root" && mvn -B -Dstyle.color=never -q --no-transfer-progress -pl "$module" -am test-compile \
    dependency:build-classpath "-Dmdep.outputFile=$path") >&2 || fail "The build failed."
  "$JAVA_HOME/bin/java" "${jvm_flags[@]}" -cp \
    "$root/$module/target/test-classes:$root/$module/target/classes:$(cat "$root/$module/$path")" "$@"
}

# Maven 3 brings libraries that a JDK 25 warns of.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"

# The parallel collector takes the least of two processors, and the less the more room there is for
# messages that are on their way.
jvm_flags=(--enable-native-access=ALL-UNNAMED -XX:+ExitOnOutOfMemoryError -XX:+UseParallelGC
  -XX:NewRatio=1
  "-Xmx${MUNIMENT_HEAP:-1g}")
product_path="$root/server/target/server.jar:$root/server/target/lib/*"
demo_path="$root/server/demo/target/demo.jar"
