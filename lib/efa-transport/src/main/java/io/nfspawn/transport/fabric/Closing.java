package io.nfspawn.transport.fabric;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes every step of an end, whatever the others throw. Of one thread. */
final class Closing {
  private @Nullable RuntimeException failure;

  Closing then(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
    return this;
  }

  /** As the other, for each of them. */
  <T> Closing thenEach(Iterable<T> all, Consumer<T> step) {
    all.forEach(each -> then(() -> step.accept(each)));
    return this;
  }

  /** Throws what the first step that failed threw, the others suppressed. */
  void end() {
    if (failure != null) {
      throw failure;
    }
  }
}
