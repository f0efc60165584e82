package io.nfspawn.plugin.scheduler;

import static java.util.stream.Collectors.joining;

import io.nfspawn.cloud.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Amounts as users read them: {@code 2 cpus, 7.6 GB}, {@code call ×3, merge ×1}, {@code 40 s}. */
final class Amounts {
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

  private Amounts() {}

  static String text(Resources amount) {
    List<String> parts = new ArrayList<>();
    parts.add(cpus(amount.millicpus()));
    parts.add(bytes(amount.memoryBytes()));
    if (amount.diskBytes() > 0) {
      parts.add(bytes(amount.diskBytes()) + " disk");
    }
    if (amount.accelerators() > 0) {
      parts.add(count(amount.accelerators(), "accelerator"));
    }
    return String.join(", ", parts);
  }

  static String roles(Map<String, Integer> roles) {
    return roles.entrySet().stream()
        .map(role -> role.getKey() + " ×" + role.getValue())
        .collect(joining(", "));
  }

  static String text(Duration duration) {
    long seconds = Math.max(0, (duration.toMillis() + 999) / 1000);
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds % 60 == 0
        ? seconds / 60 + " min"
        : "%d min %d s".formatted(seconds / 60, seconds % 60);
  }

  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String cpus(long millicpus) {
    return millicpus % 1000 == 0
        ? count(millicpus / 1000, "cpu")
        : trimmed(millicpus / 1000.0, 3) + " cpus";
  }

  /** 1024-based, as Nextflow's memory units are. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return trimmed(value, 1) + " " + UNITS[unit];
  }

  private static String trimmed(double value, int digits) {
    String text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
