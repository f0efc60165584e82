package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingDirectoryTest {
  private static final String NAME = DataSet.NAMES.get(0);

  @TempDir Path scratch;

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(p -> p.getFileName().toString()).toList();
    }
  }

  private static void writeAll(Path directory) throws IOException {
    for (String name : DataSet.NAMES) {
      Files.writeString(directory.resolve(name), "later");
    }
  }

  @Test
  void shouldLeaveTheEarlierDataSetWhenNotPublished() throws Exception {
    Path target = Files.createDirectory(scratch.resolve("demo"));
    Files.writeString(target.resolve(NAME), "earlier");

    try (StagingDirectory staging = StagingDirectory.of(target, 1)) {
      Files.writeString(staging.path().resolve(NAME), "half");
    }

    assertThat(names(scratch)).containsExactly("demo");
    assertThat(names(target)).containsExactly(NAME);
    assertThat(target.resolve(NAME)).hasContent("earlier");
  }

  @Test
  void shouldReplaceTheEarlierDataSetWhenPublished() throws Exception {
    Path target = Files.createDirectory(scratch.resolve("demo"));
    Files.writeString(target.resolve(NAME), "earlier");

    try (StagingDirectory staging = StagingDirectory.of(target, 1)) {
      writeAll(staging.path());
      staging.publish();
    }

    assertThat(names(scratch)).containsExactly("demo");
    assertThat(names(target)).hasSameElementsAs(DataSet.NAMES);
    assertThat(target.resolve(NAME)).hasContent("later");
  }

  @Test
  void shouldFollowALinkAndKeepIt() throws Exception {
    Path target = Files.createDirectory(scratch.resolve("demo"));
    Path link = Files.createSymbolicLink(scratch.resolve("link"), target);

    try (StagingDirectory staging = StagingDirectory.of(link, 1)) {
      writeAll(staging.path());
      staging.publish();
    }

    assertThat(link).isSymbolicLink();
    assertThat(target.resolve(NAME)).hasContent("later");
  }

  @Test
  void shouldRefuseBeforeWritingWhenTheDiskIsTooSmall() throws IOException {
    Path target = scratch.resolve("demo");

    assertThatThrownBy(() -> StagingDirectory.of(target, 1L << 60))
        .isInstanceOf(SimulationException.class)
        .hasMessageMatching(
            "--out=\\Q"
                + target
                + "\\E needs about 1,099,511,627,776 MiB, [\\d,]+ MiB free; free some room or name"
                + " a directory elsewhere");
    assertThat(names(scratch)).isEmpty();
  }

  @Test
  void shouldRemoveWhatAKilledSimulationLeft() throws Exception {
    Path left = Files.createDirectory(scratch.resolve(".simulating-demo"));
    Files.writeString(left.resolve("lock"), "");
    Files.writeString(left.resolve(NAME), "half");
    Path target = scratch.resolve("demo");

    try (StagingDirectory staging = StagingDirectory.of(target, 1)) {
      assertThat(names(staging.path())).containsExactly("lock");
      writeAll(staging.path());
      staging.publish();
    }

    assertThat(names(scratch)).containsExactly("demo");
    assertThat(names(target)).hasSameElementsAs(DataSet.NAMES);
  }

  @Test
  void shouldRefuseASecondSimulationToTheSameTarget() throws Exception {
    Path target = scratch.resolve("demo");
    try (StagingDirectory first = StagingDirectory.of(target, 1)) {
      assertThatThrownBy(() -> StagingDirectory.of(target, 1))
          .isInstanceOf(SimulationException.class)
          .hasMessage(
              "--out="
                  + target
                  + " is being written by another simulation; wait for it or name another"
                  + " directory");
      assertThat(first.path()).isDirectory();
    }
    assertThat(names(scratch)).isEmpty();
  }
}
