package io.nfspawn.plugin.config;

import nextflow.config.schema.ConfigOption;
import nextflow.config.schema.ConfigScope;
import nextflow.config.schema.ScopeName;
import nextflow.script.dsl.Description;
import nextflow.util.Duration;
import nextflow.util.MemoryUnit;
import org.jspecify.annotations.Nullable;

/**
 * Every option of the {@code spawn} scope: Nextflow checks names against it, {@link OptionReader}
 * fills one, {@link OptionReference} writes the reference page from it. Fields stay {@code null}
 * where the user set nothing; {@link SpawnSettings} holds the values that apply.
 */
@ScopeName("spawn")
@Description("Instances that nf-spawn launches for tasks, and the gangs on them.")
public final class SpawnScope implements ConfigScope {

  @ConfigOption
  @Description("Where instances come from. `local`: processes of this machine.")
  @Allowed(
      standard = "local",
      words = {"local"})
  public @Nullable String provider;

  @ConfigOption
  @Description(
      "How often a task or a gang may lose its instance before it fails. Lost instances are never"
          + " counted against `maxRetries`.")
  @Allowed(standard = "3", min = "0", max = "100")
  public @Nullable Integer maxReclaims;

  public @Nullable Local local;
  public @Nullable Gang gang;
  public @Nullable Channel channel;

  /** Instances on this machine. */
  @Description("Instances of the provider `local`.")
  public static final class Local implements ConfigScope {

    @ConfigOption
    @Description("How many instances this machine is divided into.")
    @Allowed(standard = "1", min = "1", max = "64")
    public @Nullable Integer instances;

    @ConfigOption
    @Description(
        "Cpus of this machine that tasks may use, all instances together. They limit how many tasks"
            + " run at once, not what a task uses.")
    @Allowed(standard = "all of this machine", min = "1", max = "1024")
    public @Nullable Integer cpus;

    @ConfigOption
    @Description(
        "Memory of this machine that tasks may ask for, all instances together. It is accounted, not"
            + " enforced.")
    @Allowed(standard = "all of this machine", min = "64 MB")
    public @Nullable MemoryUnit memory;

    @ConfigOption
    @Description(
        "How many ranks of a gang share one cpu: ranks mostly wait for each other, so one weighs its"
            + " `cpus` divided by this.")
    @Allowed(standard = "8", min = "1", max = "64")
    public @Nullable Integer ranksPerCpu;

    @ConfigOption
    @Description(
        "How long an instance keeps running once it no longer hears from the driver; then it ends"
            + " with all its tasks.")
    @Allowed(standard = "30 s", min = "2 s", max = "1 h")
    public @Nullable Duration lease;
  }

  /** Gangs. */
  @Description("Gangs: tasks that start together or not at all.")
  public static final class Gang implements ConfigScope {

    @ConfigOption
    @Description(
        "How long a gang waits for missing members once no other task runs that could bring them.")
    @Allowed(standard = "5 min", min = "1 s", max = "7 d")
    public @Nullable Duration arrivalTimeout;
  }

  /** The channel between ranks. */
  @Description("The channel between the ranks of a gang.")
  public static final class Channel implements ConfigScope {

    @ConfigOption
    @Description(
        "Whether gangs use libfabric (EFA, shared memory) instead of ZeroMQ. `preferred`: where every"
            + " member has it; `required`: a gang without fails; `off` spares the self-test at an"
            + " instance's start.")
    @Allowed(
        standard = "off",
        words = {"required", "preferred", "off"})
    public @Nullable String fabric;

    @ConfigOption
    @Description(
        "How what ranks send each other is protected, for every gang of the run. `required`: secret"
            + " and authentic (AES-256-GCM); `authenticate`: authentic, and secret too where a wire"
            + " does that at no cost, as all do today; `off`: neither, for measurements on a network"
            + " of one's own.")
    @Allowed(
        standard = "authenticate",
        words = {"required", "authenticate", "off"})
    public @Nullable String encryption;
  }
}
