package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Structs and constants are what the C compiler makes of the installed headers. */
class LayoutTest {
  @TempDir Path directory;

  @Test
  void shouldAgreeWithTheHeadersOfLibfabric() throws Exception {
    assumeTrue(Runtime.version().feature() >= 22, "needs Java 22");
    assumeTrue(Files.exists(Path.of("/usr/include/rdma/fabric.h")), "needs libfabric-dev");
    assumeTrue(Files.exists(Path.of("/usr/bin/gcc")), "needs gcc");
    List<String> ours = assumed();
    assertThat(ours).hasSizeGreaterThan(120);
    assertThat(compiledView(ours)).isEqualTo(ours);
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
    run("gcc", "-o", directory.resolve("layout").toString(), source.toString());
    return run(directory.resolve("layout").toString()).lines().toList();
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
