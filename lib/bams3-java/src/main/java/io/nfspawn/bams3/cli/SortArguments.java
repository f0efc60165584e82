package io.nfspawn.bams3.cli;

import io.nfspawn.bams3.sort.SortOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that sort. */
final class SortArguments {
  /** What sorting may take of the heap: encoders and buffers need the rest. */
  private static final double HEAP_SHARE = 0.6;

  @Option(
      names = "--sort",
      description =
          "Sort the records by coordinate first, in the order of samtools sort; the header then"
              + " says so.")
  private boolean sort;

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      converter = ByteSize.Converter.class,
      description = "Memory for records to be sorted, 1024-based; 512M by default.")
  private @Nullable ByteSize memory;

  @Option(
      names = "--tmp",
      paramLabel = "DIR",
      description =
          "Where records to be sorted wait that do not fit into memory; beside the dataset by"
              + " default. Nothing stays there.")
  private @Nullable Path temporary;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * How to sort; empty when it was not asked for.
   *
   * @param beside a directory that will exist when sorting begins
   */
  Optional<SortOptions> options(Path beside) {
    if (!sort) {
      if (memory != null || temporary != null) {
        throw usage("--memory and --tmp are for --sort; add it or leave them");
      }
      return Optional.empty();
    }
    if (temporary != null && !Files.isDirectory(temporary)) {
      throw usage("--tmp " + temporary + " is not a directory; make it first");
    }
    long room = (long) (Runtime.getRuntime().maxMemory() * HEAP_SHARE);
    long bytes = memory != null ? memory.bytes() : Math.min(SortOptions.USUAL_MEMORY_BYTES, room);
    if (bytes < SortOptions.LEAST_MEMORY_BYTES || bytes > room) {
      throw usage(
          "--memory is %d MiB; it must be 1 to %d with this heap (SPAWN_JAVA_OPTS=-Xmx8g makes it larger)"
              .formatted(bytes >> 20, room >> 20));
    }
    return Optional.of(new SortOptions(bytes, temporary != null ? temporary : beside));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
