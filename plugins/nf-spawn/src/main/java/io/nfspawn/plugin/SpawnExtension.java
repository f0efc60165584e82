package io.nfspawn.plugin;

import io.nfspawn.plugin.gang.GangDirective;
import io.nfspawn.plugin.parameters.ParameterSchema;
import io.nfspawn.plugin.scheduler.GangId;
import io.nfspawn.plugin.summary.RunTimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nextflow.Session;
import nextflow.exception.AbortOperationException;
import nextflow.plugin.extension.Function;
import nextflow.plugin.extension.PluginExtensionPoint;
import org.jspecify.annotations.Nullable;

/** What scripts may include from {@code plugin/nf-spawn}. Nextflow makes one a session. */
public class SpawnExtension extends PluginExtensionPoint {
  private @Nullable Session session;

  @Override
  protected void init(Session current) {
    session = current;
  }

  /**
   * Ends the run when a parameter is unknown, misspelt or outside what {@code nextflow_schema.json}
   * beside the main script allows; names every problem, one line each.
   */
  @Function
  public void checkParameters() {
    @SuppressWarnings("unchecked") // parameters are named by strings
    Map<String, Object> parameters = session().getParams();
    List<String> problems = schema("checkParameters").problems(parameters, this::typed);
    if (!problems.isEmpty()) {
      throw new AbortOperationException(String.join("\n", problems));
    }
  }

  /** What {@code --help} prints: the parameters that {@code nextflow_schema.json} describes. */
  @Function
  public String parameterHelp() {
    return schema("parameterHelp").help();
  }

  private ParameterSchema schema(String asker) {
    Path file = session().getBaseDir().resolve("nextflow_schema.json");
    if (!Files.exists(file)) {
      throw new AbortOperationException(
          "%s() needs %s, which does not exist".formatted(asker, file));
    }
    return ParameterSchema.read(file);
  }

  /** Whether this run's command line or parameter file names it. */
  private boolean typed(String parameter) {
    String line = session().getCommandLine() + " ";
    return line.contains(" -params-file ")
        || line.contains(" --%s ".formatted(parameter))
        || line.contains(" --%s=".formatted(parameter));
  }

  /** A table of how long each process took; for the end of a run. */
  @Function
  public String stageTimes() {
    return RunTimes.of(session()).table();
  }

  /**
   * The value of {@code ext.gang}, checked where it is written: {@code ext gang: { gang(role:
   * 'call', roles: [call: 2, merge: 1]) }}.
   */
  @Function
  public Map<String, Object> gang(Map<String, Object> options) {
    var unused = GangDirective.read("gang(…)", options, new GangId("checked"));
    return options;
  }

  private Session session() {
    if (session == null) {
      throw new IllegalStateException("the extension is used before Nextflow made a session");
    }
    return session;
  }
}
