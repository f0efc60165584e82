package io.nfspawn.agent.ffi;

import io.nfspawn.agent.process.ProcessStarter;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@code posix_spawn} with what it takes to start a task (glibc 2.34). The code that calls it
 * needs JDK {@value #FIRST_JDK} and lies in the part of the jar that older ones do not see, hence
 * the reflection. Nothing here fails when it is absent.
 */
public final class PosixSpawn {
  private static final int FIRST_JDK = 22;
  private static final String STARTER = PosixSpawn.class.getPackageName() + ".PosixSpawnStarter";

  private PosixSpawn() {}

  /**
   * What looking for it came to.
   *
   * @param starter null when there is none
   * @param absence why there is none; empty when there is one
   */
  public record Probe(@Nullable ProcessStarter starter, String absence) {}

  public static Probe probe() {
    int jdk = Runtime.version().feature();
    if (jdk < FIRST_JDK) {
      return new Probe(null, "needs Java %d or newer, this is %d".formatted(FIRST_JDK, jdk));
    }
    if (!System.getProperty("os.name").equals("Linux")) {
      return new Probe(null, "needs Linux, this is " + System.getProperty("os.name"));
    }
    try {
      Object starter = Class.forName(STARTER).getDeclaredConstructor().newInstance();
      return new Probe((ProcessStarter) starter, "");
    } catch (ClassNotFoundException e) {
      return new Probe(null, "this build of spawn-agent has no part for Java " + FIRST_JDK);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Probe(null, String.valueOf(cause.getMessage()));
    }
  }
}
