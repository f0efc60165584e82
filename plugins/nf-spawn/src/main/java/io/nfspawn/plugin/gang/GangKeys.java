package io.nfspawn.plugin.gang;

import groovy.lang.Closure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import nextflow.processor.TaskProcessor;
import org.jspecify.annotations.Nullable;

/**
 * What makes {@code -resume} right for gangs. Nextflow's task hash does not see what comes over the
 * channel, so every process with {@code ext.gang} gets {@code ext.gangKey}: a digest of the
 * scripts, {@code ext} values and containers of all processes with {@code ext.gang} in the same
 * workflow scope. A module that names {@code task.ext.gangKey} in its script runs again when any of
 * them changes. Thread-safe.
 */
public final class GangKeys {
  private static final String EXT = "ext";
  private static final String GANG = "gang";
  private static final String KEY = "gangKey";

  private final String toolsVersion;
  private final List<TaskProcessor> members = new CopyOnWriteArrayList<>();

  /**
   * @param toolsVersion version of the programs that gang members run
   */
  public GangKeys(String toolsVersion) {
    this.toolsVersion = toolsVersion;
  }

  /** A process was created; must be told before its first task is hashed. */
  public void processCreated(TaskProcessor process) {
    @SuppressWarnings("unchecked")
    Map<String, Object> ext =
        process.getConfig().get(EXT) instanceof Map<?, ?> map ? (Map<String, Object>) map : null;
    if (ext != null && ext.containsKey(GANG)) {
      members.add(process);
      ext.put(KEY, new GangKeyClosure(this, process));
    }
  }

  /**
   * The key for a task of the process, 64 hex digits.
   *
   * @param context the task's variables, against which dynamic values are resolved
   */
  String keyOf(TaskProcessor process, @Nullable Object context) {
    MessageDigest digest = sha256();
    add(digest, toolsVersion);
    if (process.getConfig().get(EXT) instanceof Map<?, ?> ext) {
      add(digest, resolved(ext.get(GANG), context));
    }
    Map<String, TaskProcessor> byName = new TreeMap<>();
    members.stream()
        .filter(member -> scope(member.getName()).equals(scope(process.getName())))
        .forEach(member -> byName.put(member.getName(), member));
    byName.values().forEach(member -> add(digest, member, context));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, TaskProcessor member, @Nullable Object context) {
    add(digest, member.getName());
    add(digest, String.valueOf(member.getTaskBody().getSource()));
    add(digest, resolved(member.getConfig().get("container"), context));
    if (member.getConfig().get(EXT) instanceof Map<?, ?> ext) {
      Map<String, Object> sorted = new TreeMap<>();
      ext.forEach((name, value) -> sorted.put(name.toString(), value));
      sorted.remove(GANG);
      sorted.remove(KEY);
      sorted.forEach(
          (name, value) -> {
            add(digest, name);
            add(digest, resolved(value, context));
          });
    }
  }

  /** Lengths first, so that no two lists of parts read the same. */
  private static void add(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  /**
   * The value for this task. A closure over inputs that this task does not have cannot be resolved;
   * its class stands for it, which Nextflow names after the configuration's text.
   */
  private static String resolved(@Nullable Object value, @Nullable Object context) {
    if (!(value instanceof Closure<?> closure)) {
      return String.valueOf(value);
    }
    Closure<?> bound = (Closure<?>) closure.clone();
    bound.setDelegate(context);
    bound.setResolveStrategy(Closure.DELEGATE_FIRST);
    try {
      return String.valueOf(bound.call());
    } catch (RuntimeException e) {
      return closure.getClass().getName();
    }
  }

  /** The workflow a process is called in: its name without the last part. */
  static String scope(String process) {
    return process.substring(0, Math.max(0, process.lastIndexOf(':')));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Value of {@code task.ext.gangKey}; Nextflow sets the task's variables as its delegate. */
  public static final class GangKeyClosure extends Closure<String> {
    private static final long serialVersionUID = 1L;

    private final transient GangKeys keys;
    private final transient TaskProcessor process;

    GangKeyClosure(GangKeys keys, TaskProcessor process) {
      super(keys);
      this.keys = keys;
      this.process = process;
    }

    /** Called by Groovy. */
    public String doCall() {
      return keys.keyOf(process, getDelegate());
    }
  }
}
