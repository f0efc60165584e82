package io.nfspawn.bams3.codec.ffi;

import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.util.Optional;

/**
 * Finds libdeflate. The code that calls it needs JDK 22 and lies in the part of the jar that older
 * ones do not see, hence the reflection. Nothing here fails when it is absent.
 */
public final class Libdeflate {
  public static final String NAME = "libdeflate";
  private static final String CALLS = Libdeflate.class.getPackageName() + ".LibdeflateCalls";
  private static final int FIRST_JDK = 22;

  private Libdeflate() {}

  /**
   * What looking for it came to.
   *
   * @param absence why there is none and what to do; empty when there is one
   */
  public record Probe(Optional<DeflateLibrary> library, String absence) {
    static Probe absent(String why) {
      return new Probe(Optional.empty(), why);
    }
  }

  public static Probe probe() {
    if (Runtime.version().feature() < FIRST_JDK) {
      return Probe.absent("Java %d or newer can call it".formatted(FIRST_JDK));
    }
    try {
      Class<?> calls = Class.forName(CALLS);
      Object library = calls.getDeclaredConstructor().newInstance();
      return new Probe(Optional.of((DeflateLibrary) library), "");
    } catch (ClassNotFoundException e) {
      return Probe.absent("this build of bams3 has no part for Java " + FIRST_JDK);
    } catch (ReflectiveOperationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Probe.absent(
          "%s; install the package libdeflate0".formatted(String.valueOf(cause.getMessage())));
    }
  }
}
