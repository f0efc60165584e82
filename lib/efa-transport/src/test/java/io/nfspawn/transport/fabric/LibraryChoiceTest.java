package io.nfspawn.transport.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.nfspawn.transport.cli.SpawnChannelCommand;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Which libfabric is taken where there are several, and what is said where none can be. */
class LibraryChoiceTest {
  private static final String INSTALL =
      "; install the package libfabric1 (on EC2 AWS's EFA installer), or name the file in"
          + " SPAWN_LIBFABRIC";
  private static final String NATIVE = "io.nfspawn.transport.fabric.ffi.NativeLibrary";

  @TempDir Path directory;

  @BeforeEach
  void needJavaOfForeignFunctions() {
    assumeTrue(Runtime.version().feature() >= 22, "needs Java 22");
  }

  /** The code for newer JDKs is not there when tests are compiled. */
  private static FabricLibrary load(@Nullable String chosen, String... otherwise) {
    try {
      Method load = Class.forName(NATIVE).getDeclaredMethod("load", String.class, List.class);
      load.setAccessible(true);
      return (FabricLibrary) load.invoke(null, chosen, List.of(otherwise));
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private String text(String name) throws Exception {
    return Files.writeString(directory.resolve(name), "no library").toString();
  }

  /** A library that has every function, and this version. */
  private String library(String name, int major, int minor) throws Exception {
    return compiled(
        name,
        "unsigned fi_version(void) { return %d << 16 | %d; }".formatted(major, minor),
        "int fi_getinfo; int fi_freeinfo; int fi_dupinfo; int fi_fabric; int fi_strerror;");
  }

  private String compiled(String name, String... lines) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/gcc")), "needs gcc");
    Path source = Files.write(directory.resolve(name + ".c"), List.of(lines));
    String library = directory.resolve(name).toString();
    run(new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", library, source.toString()));
    return library;
  }

  private static String run(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void shouldLookInThePrefixOfAwsFirst() throws Exception {
    Field places = Class.forName(NATIVE).getDeclaredField("PLACES");
    places.setAccessible(true);
    assertThat(places.get(null))
        .isEqualTo(
            List.of(
                "/opt/amazon/efa/lib64/libfabric.so.1",
                "/opt/amazon/efa/lib/libfabric.so.1",
                "libfabric.so.1"));
  }

  @Test
  void shouldTakeTheFirstThatIsThere() throws Exception {
    String absent = directory.resolve("absent.so").toString();
    String first = library("first.so", 1, 17);
    String second = library("second.so", 2, 1);
    assertThat(load(null, absent, first, second).path()).isEqualTo(first);
    assertThat(load(" ", second, first).path()).isEqualTo(second);
    assertThat(load(second, first).path()).isEqualTo(second);
    assertThat(load(second, first).version()).isEqualTo("2.1");
  }

  @Test
  void shouldPassOverOneThatCannotBeUsedAndSaySo() throws Exception {
    String old = library("old.so", 1, 9);
    String good = library("good.so", 1, 22);
    Logger log = (Logger) LoggerFactory.getLogger(NATIVE);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    log.addAppender(logged);
    try {
      assertThat(load(null, old, good).path()).isEqualTo(good);
    } finally {
      log.detachAppender(logged);
    }
    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "event=libfabric_passed_over reason=\""
                + old
                + ": it is libfabric 1.9, versions 1.17 to 2.x can be used\"");
  }

  @Test
  void shouldNameThePackageWhenThereIsNone() {
    assertThatThrownBy(() -> load(null, directory.resolve("absent.so").toString()))
        .isInstanceOf(FabricException.class)
        .hasMessage("no libfabric.so.1 can be used on this machine" + INSTALL);
    assertThatThrownBy(() -> load(null, "libabsent-for-sure.so.1"))
        .hasMessage(
            "no libfabric.so.1 can be used on this machine (libabsent-for-sure.so.1: it is not"
                + " here, or needs a library that is not (see ldconfig -p))"
                + INSTALL);
  }

  @Test
  void shouldSayOfEachWhyItCannotBeUsed() throws Exception {
    String text = text("text.so");
    String old = library("older.so", 1, 16);
    assertThatThrownBy(() -> load(null, text, old))
        .hasMessage(
            "no libfabric.so.1 can be used on this machine ("
                + text
                + ": it is no library for this machine, or needs one that is not here (see ldd "
                + text
                + "); "
                + old
                + ": it is libfabric 1.16, versions 1.17 to 2.x can be used)"
                + INSTALL);
  }

  @Test
  void shouldSayWhyTheOneThatIsChosenCannotBeUsed() throws Exception {
    String text = text("chosen.so");
    String good = library("unasked.so", 1, 17);
    assertThatThrownBy(() -> load(text, good))
        .isInstanceOf(FabricException.class)
        .hasMessage(
            "SPAWN_LIBFABRIC="
                + text
                + " cannot be used: it is no library for this machine, or needs one that is not"
                + " here (see ldd "
                + text
                + ")");
    String empty = compiled("empty.so", "int nothing;");
    assertThatThrownBy(() -> load(empty, good))
        .hasMessage("SPAWN_LIBFABRIC=" + empty + " cannot be used: it has no function fi_version");
  }

  @ParameterizedTest
  @CsvSource({"1,16", "0,99", "3,0"})
  void shouldRefuseVersionsThatAreNotKnown(int major, int minor) throws Exception {
    String other = library("other-" + major + "-" + minor + ".so", major, minor);
    assertThatThrownBy(() -> load(other))
        .hasMessage(
            "SPAWN_LIBFABRIC=%s cannot be used: it is libfabric %d.%d, versions 1.17 to 2.x can be used"
                .formatted(other, major, minor));
  }

  @Test
  void shouldObeyTheVariable() throws Exception {
    ProcessBuilder info =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SpawnChannelCommand.class.getName(),
            "info");
    info.environment().put("SPAWN_LIBFABRIC", "/absent/libfabric.so.1");
    assertThat(run(info))
        .contains(
            "fabric  SPAWN_LIBFABRIC=/absent/libfabric.so.1 cannot be used: it does not exist");
  }
}
