# Read by mvnw and inferometer: sets java and java_version, or calls their fail with what to do.

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || fail "JAVA_HOME is '$JAVA_HOME', but there is no bin/java in it. Point it at a JDK of 17 or newer."
else
  java=$(command -v java) || fail "found no Java. Install a JDK of 17 or newer, and set JAVA_HOME or put java on the PATH."
fi
java_version=$("$java" -version 2>&1 | sed -n 's/^[^"]* version "\([0-9]*\).*/\1/p' | head -n 1)
case $java_version in
  '') fail "cannot tell the version of '$java'. Set JAVA_HOME to a JDK of 17 or newer." ;;
esac
[ "$java_version" -ge 17 ] \
  || fail "'$java' is Java $("$java" -version 2>&1 | sed -n 's/.*"\(.*\)".*/\1/p' | head -n 1). Set JAVA_HOME to a JDK of 17 or newer."
