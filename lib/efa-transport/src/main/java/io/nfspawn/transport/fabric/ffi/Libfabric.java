package io.nfspawn.transport.fabric.ffi;

import io.nfspawn.transport.fabric.FabricLibrary;
import org.jspecify.annotations.Nullable;

/**
 * Finds libfabric. The code that calls it needs JDK {@value #FIRST_JDK} and lies in the part of the
 * jar that older ones do not see, hence the reflection. Nothing here fails when it is absent.
 */
public final class Libfabric {
  static final int FIRST_JDK = 22;
  private static final String NATIVE = Libfabric.class.getPackageName() + ".NativeLibrary";
  private static @Nullable Probe known;

  private Libfabric() {}

  /**
   * What looking for it came to.
   *
   * @param library null when there is none
   * @param absence why there is none and what to do; empty when there is one
   */
  public record Probe(@Nullable FabricLibrary library, String absence) {

    public boolean isAvailable() {
      return library != null;
    }
  }

  /** Loads it on the first call; the same answer ever after. */
  public static synchronized Probe probe() {
    Probe probe = known;
    if (probe == null) {
      probe = look();
      known = probe;
    }
    return probe;
  }

  /** True when it was looked for and is there. */
  public static synchronized boolean isFound() {
    return known != null && known.isAvailable();
  }

  private static Probe look() {
    int jdk = Runtime.version().feature();
    if (jdk < FIRST_JDK) {
      return new Probe(
          null, "fabric needs Java " + FIRST_JDK + " or newer to call libfabric, this is " + jdk);
    }
    try {
      Object library = Class.forName(NATIVE).getMethod("load").invoke(null);
      return new Probe((FabricLibrary) library, "");
    } catch (ClassNotFoundException e) {
      return new Probe(null, "this build of efa-transport has no part for Java " + FIRST_JDK);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Probe(null, String.valueOf(cause.getMessage()));
    }
  }
}
