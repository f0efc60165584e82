package io.nfspawn.bams3.v1;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who writes, as a claim states it: lines of a name, a blank and a value.
 *
 * @param id of the claim; no two are equal
 * @param host for messages
 * @param system boot and name space that {@code pid} counts in; empty when unknown
 * @param pid of the process
 * @param startedMs when it began, since 1970; 0 when unknown
 */
record ClaimOwner(String id, String host, String system, long pid, long startedMs) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path PID_SPACE = Path.of("/proc/self/ns/pid");

  /** This process, with a new id. */
  static ClaimOwner thisProcess() {
    ProcessHandle process = ProcessHandle.current();
    return new ClaimOwner(
        UUID.randomUUID().toString(), thisHost(), thisSystem(), process.pid(), startOf(process));
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "unknown host";
    }
  }

  /** Equal names of hosts prove nothing, containers may share one. */
  private static String thisSystem() {
    try {
      return Files.readString(BOOT).strip() + "/" + Files.readSymbolicLink(PID_SPACE);
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
  }

  /** Whether it can be seen from here if the process still runs. */
  boolean isNeighbour() {
    return !system.isEmpty() && system.equals(thisSystem());
  }

  /**
   * Whether the process runs; only of a neighbour. A later process of the same number is not it.
   */
  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .map(process -> startedMs == 0 || startOf(process) == startedMs)
        .orElse(false);
  }

  byte[] toBytes() {
    return "id %s\nhost %s\nsystem %s\npid %d\nstarted %d\n"
        .formatted(id, host, system, pid, startedMs)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What cannot be read is nobody that is known. */
  static ClaimOwner parse(byte[] bytes) {
    Map<String, String> values = new HashMap<>();
    new String(bytes, StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(words -> words.length == 2)
        .forEach(words -> values.put(words[0], words[1]));
    String id = values.getOrDefault("id", "");
    return new ClaimOwner(
        id.matches("[0-9a-f-]{36}") ? id : "unknown",
        values.getOrDefault("host", "unknown host"),
        values.getOrDefault("system", ""),
        number(values.getOrDefault("pid", "")),
        number(values.getOrDefault("started", "")));
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
