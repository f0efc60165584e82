package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Structs and constants are what the C compiler makes of the installed headers, or of those in the
 * directory that {@code -Dspawn.libfabric.include} names.
 */
class LayoutTest {
  private static final Path HEADERS =
      Path.of(System.getProperty("spawn.libfabric.include", "/usr/include"));

  /**
   * Allocated here, and filled or read over there: these must not have grown, and error entries to
   * no more than twice their length. What the library allocates may be longer in newer versions.
   */
  private static final Set<String> ALLOCATED_HERE =
      Set.of("fi_av_attr", "fi_cq_attr", "fi_cq_msg_entry", "fi_context2", "iovec");

  @TempDir Path directory;

  @Test
  void shouldAgreeWithTheHeadersOfLibfabric() throws Exception {
    assumeTrue(Runtime.version().feature() >= 22, "needs Java 22");
    assumeTrue(Files.exists(HEADERS.resolve("rdma/fabric.h")), "needs libfabric-dev");
    assumeTrue(Files.exists(Path.of("/usr/bin/gcc")), "needs gcc");
    List<String> ours = assumed();
    assertThat(ours).hasSizeGreaterThan(120);
    List<String> theirs = compiledView(ours);
    assertThat(theirs).hasSameSizeAs(ours);
    List<String> contradictions = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      if (!agree(ours.get(i), theirs.get(i))) {
        contradictions.add("assumed " + ours.get(i) + ", compiled " + theirs.get(i));
      }
    }
    assertThat(contradictions).isEmpty();
  }

  private static boolean agree(String ours, String theirs) {
    String[] assumed = ours.split(" ", -1);
    if (!assumed[0].equals("sizeof")) {
      return ours.equals(theirs);
    }
    long least = Long.parseLong(assumed[2]);
    long bytes = Long.parseLong(theirs.split(" ", -1)[2]);
    return bytes >= least && bytes <= room(assumed[1], least);
  }

  private static long room(String struct, long bytes) {
    if (ALLOCATED_HERE.contains(struct)) {
      return bytes;
    }
    return struct.equals("fi_cq_err_entry") ? 2 * bytes : Long.MAX_VALUE;
  }

  @Test
  void shouldNameTheSameSymbolsInTheOptionsOfJextract() throws Exception {
    assumeTrue(Runtime.version().feature() >= 22, "needs Java 22");
    Path options =
        Path.of("src/main/java22/io/nfspawn/transport/fabric/ffi/jextract.args").toAbsolutePath();
    List<String> named =
        Files.readAllLines(options).stream()
            .filter(line -> line.matches("--include-(struct|constant) .*"))
            .map(line -> line.substring(line.indexOf(' ') + 1))
            .toList();
    assertThat(
            assumed().stream()
                .filter(line -> !line.startsWith("offsetof"))
                .map(line -> line.split(" ", -1)[1]))
        .containsExactlyElementsOf(named);
  }

  @SuppressWarnings("unchecked")
  private static List<String> assumed() throws ReflectiveOperationException {
    return (List<String>)
        Class.forName("io.nfspawn.transport.fabric.ffi.LayoutReport")
            .getMethod("lines")
            .invoke(null);
  }

  private List<String> compiledView(List<String> ours) throws Exception {
    List<String> program = new ArrayList<>();
    program.add("#include <stddef.h>\n#include <stdio.h>");
    for (String header : List.of("fabric", "fi_domain", "fi_endpoint", "fi_cm", "fi_rma")) {
      program.add("#include <rdma/" + header + ".h>");
    }
    program.add("#include <rdma/fi_errno.h>\n#include <sys/mman.h>\nint main(void) {");
    for (String line : ours) {
      String[] words = line.split(" ", -1);
      program.add(
          switch (words[0]) {
            case "sizeof" -> print("sizeof " + words[1], "sizeof(struct " + words[1] + ")");
            case "offsetof" ->
                print(
                    "offsetof " + words[1] + " " + words[2],
                    "offsetof(struct " + words[1] + ", " + words[2] + ")");
            default -> print("constant " + words[1], words[1]);
          });
    }
    program.add("return 0; }");
    Path source = Files.write(directory.resolve("layout.c"), program);
    String layout = directory.resolve("layout").toString();
    run("gcc", "-I", HEADERS.toString(), "-o", layout, source.toString());
    return run(layout).lines().toList();
  }

  private static String print(String label, String expression) {
    return "printf(\"" + label + " %lld\\n\", (long long) (" + expression + "));";
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
