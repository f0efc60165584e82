package io.nfspawn.bams3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example in the javadoc of the library compiles as it stands there. */
class JavadocExamplesTest {
  private static final Path MAIN = Path.of("src", "main", "java", "io", "nfspawn", "bams3");

  /** Packages that others program against. */
  private static final List<String> PACKAGES = List.of("", "store", "htsjdk", "legacy");

  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\R(.*?)\\s*\\* }</pre>", Pattern.DOTALL);

  /** What the examples take for granted. */
  private static final String AROUND =
      """
      import htsjdk.samtools.*;
      import io.nfspawn.bams3.*;
      import io.nfspawn.bams3.Dataset.PageFunction;
      import io.nfspawn.bams3.htsjdk.*;
      import io.nfspawn.bams3.legacy.*;
      import io.nfspawn.bams3.simulate.*;
      import io.nfspawn.bams3.store.*;
      import java.net.URI;
      import java.nio.file.Path;
      import java.util.*;
      import java.util.concurrent.atomic.*;
      import java.util.stream.*;

      abstract class %s {
        Path target;
        byte[] headerBytes;
        RecordView record;
        Dataset dataset;
        DatasetWriter writer;
        Store store;
        Workers workers;
        List<ReadAhead.Wanted> wanted;

        abstract void decode(byte[] page);

        void example() throws Exception {
      %s
        }
      }
      """;

  @TempDir Path dir;

  @Test
  void shouldCompileEveryExample() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String library : PACKAGES) {
      try (Stream<Path> files = Files.list(MAIN.resolve(library))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          addExamples(file, sources);
        }
      }
    }
    assertThat(sources).hasSizeGreaterThanOrEqualTo(6);
    assertThat(problems(sources)).isEmpty();
  }

  private void addExamples(Path file, List<Path> sources) throws IOException {
    Matcher examples = EXAMPLE.matcher(Files.readString(file));
    for (int i = 1; examples.find(); i++) {
      String body =
          examples
              .group(1)
              .lines()
              .map(line -> line.replaceFirst("^\\s*\\* ?", "    "))
              .reduce("", (all, line) -> all + line + "\n");
      String name =
          file.getFileName().toString().replace(".java", "").replace('-', '_') + "Example" + i;
      Path source = Files.createDirectories(dir.resolve(file.getParent())).resolve(name + ".java");
      sources.add(Files.writeString(source, AROUND.formatted(name, body)));
    }
  }

  private List<String> problems(List<Path> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(found, null, StandardCharsets.UTF_8)) {
      compiler
          .getTask(
              null,
              files,
              found,
              List.of(
                  "-proc:none", "-d", dir.toString(), "-cp", System.getProperty("java.class.path")),
              null,
              files.getJavaFileObjectsFromPaths(sources))
          .call();
    }
    return found.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == javax.tools.Diagnostic.Kind.ERROR)
        .map(Object::toString)
        .toList();
  }
}
