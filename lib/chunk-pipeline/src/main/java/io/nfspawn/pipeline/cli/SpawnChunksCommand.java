package io.nfspawn.pipeline.cli;

import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.UsageException;
import io.nfspawn.transport.ChannelException;
import io.nfspawn.transport.PeerLostException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command {@code spawn-chunks}: plans the calling of a dataset and runs the members of the gang
 * that does it. Exit codes: 0 done, 1 failed (one line on stderr), 2 usage.
 */
@Command(
    name = "spawn-chunks",
    mixinStandardHelpOptions = true,
    versionProvider = SpawnChunksCommand.Version.class,
    description = "Calls variants of a BAMS3 dataset in work items, in order, by a gang.",
    subcommands = {
      PlanCommand.class,
      DistributeCommand.class,
      CallCommand.class,
      MergeCommand.class,
      RunCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  spawn-chunks plan NA12878.bams3 --reference hg19.fa -o plan.json",
      "  spawn-chunks run NA12878.bams3 --plan plan.json --reference hg19.fa -o NA12878.vcf.gz",
      "",
      "distribute, call and merge are members of a gang: an agent starts them and tells them about",
      "each other in SPAWN_GANG, SPAWN_RANK, SPAWN_MEMBERS and SPAWN_CHANNEL_KEY."
    })
public final class SpawnChunksCommand implements Runnable {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final long GIVE_WAY_MS = 3000;
  private static final String TMPDIR = "java.io.tmpdir";
  private static final String LOG_SETUP = "logback.configurationFile";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  public static void main(String[] arguments) {
    followTmpdir();
    if (System.getProperty(LOG_SETUP) == null) {
      System.setProperty(LOG_SETUP, "io/nfspawn/pipeline/cli/logback-spawn-chunks.xml");
    }
    System.exit(
        run(
            new PrintWriter(new OutputStreamWriter(System.err, Charset.defaultCharset()), true),
            arguments));
  }

  /** The JVM ignores TMPDIR, but whoever starts tools on a node expects it to count. */
  private static void followTmpdir() {
    String wanted = System.getenv("TMPDIR");
    if (wanted != null && !wanted.isBlank() && System.getProperty(TMPDIR).equals("/tmp")) {
      System.setProperty(TMPDIR, wanted);
    }
  }

  /** Runs one command; what goes wrong is told on {@code errors}. */
  static int run(PrintWriter errors, String... arguments) {
    return new CommandLine(new SpawnChunksCommand())
        .setErr(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(SpawnChunksCommand::report)
        .execute(arguments);
  }

  private static int report(Exception fault, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter errors = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    if (fault instanceof InterruptedException) {
      errors.println(name + ": interrupted");
      return FAILED;
    }
    if (fault instanceof PipelineException
        || fault instanceof ChannelException
        || (fault instanceof IOException && fault.getMessage() != null)) {
      errors.println(name + ": " + fault.getMessage());
      if (fault instanceof PeerLostException) {
        giveWay();
      }
      return fault instanceof UsageException ? USAGE : FAILED;
    }
    errors.println(name + ": unexpected fault, please report it with these lines:");
    fault.printStackTrace(errors);
    return FAILED;
  }

  /**
   * A gang's failure is told by the member that ends first. Who merely lost a peer waits for it to
   * end with the cause; the agent usually stops the wait.
   */
  private static void giveWay() {
    try {
      Thread.sleep(GIVE_WAY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "which command? one of plan, distribute, call, merge, run");
  }

  /** The release, as Maven wrote it into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties pom = new Properties();
      try (InputStream in =
          SpawnChunksCommand.class.getResourceAsStream(
              "/META-INF/maven/io.nfspawn/chunk-pipeline/pom.properties")) {
        if (in != null) {
          pom.load(in);
        }
      }
      return new String[] {pom.getProperty("version", "development")};
    }
  }
}
