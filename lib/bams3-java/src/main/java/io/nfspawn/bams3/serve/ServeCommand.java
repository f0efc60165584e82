package io.nfspawn.bams3.serve;

import io.nfspawn.bams3.Bams3Exception;
import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.cli.StoreArguments;
import io.nfspawn.bams3.store.StorePlace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bams3 serve}: ends with the process; exit code 1 failed, 2 usage. */
@Command(
    name = "serve",
    sortOptions = false,
    description = {
      "Serve datasets over HTTP by the protocol htsget 1.3.",
      "",
      "Prints the URL of each dataset, which samtools, bcftools and IGV read, whole or by region,"
          + " and answers until it is ended. Only programs of this machine reach it unless --bind"
          + " says otherwise; it asks nobody who they are."
    },
    footer = {
      "",
      "Examples:",
      "  bams3 serve NA12878.bams3",
      "  samtools view 'http://127.0.0.1:8099/reads/NA12878?referenceName=chr20&start=0&end=9999'",
      "  bams3 serve --port 0 --allow-origin https://igv.org/app s3://bucket/a.bams3 b.bams3",
      "",
      "start and end are 0-based and half-open, as htsget wants them."
    })
public final class ServeCommand implements Callable<Integer> {
  private static final String SUFFIX = ".bams3";
  private static final int MAX_PORT = 65_535;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "DATASET",
      description = "Datasets; the id of each is its name without .bams3.")
  private List<String> places = new ArrayList<>();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen at, 0 for any free one; ${DEFAULT-VALUE} by default.")
  private int port = 8099;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "Address to listen at, 0.0.0.0 for all; ${DEFAULT-VALUE} by default.")
  private String bind = "127.0.0.1";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Requests answered at a time; ${DEFAULT-VALUE} by default.")
  private int threads = 8;

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description = "Let web pages of this origin ask (* for all); none may by default.")
  private @Nullable String allowedOrigin;

  @Mixin private StoreArguments bucket;

  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  boolean help;

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > MAX_PORT || threads < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--port is %d and --threads %d; port must be 0 to 65535, threads at least 1"
              .formatted(port, threads));
    }
    Map<String, String> byId = ids();
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, String> place : byId.entrySet()) {
        datasets.put(place.getKey(), open(place.getValue()));
      }
      try (HtsgetServer server = HtsgetServer.start(datasets, address(), threads, allowedOrigin)) {
        for (String id : datasets.keySet()) {
          System.out.println(server.url(id));
        }
        System.out.flush();
        untilEnded(server);
      }
    } finally {
      datasets.values().forEach(Dataset::close);
    }
    return CommandLine.ExitCode.OK;
  }

  private Dataset open(String place) throws IOException {
    return StorePlace.of(place) instanceof StorePlace.InFileSystem files
        ? Dataset.open(files.path())
        : Dataset.open(URI.create(place), bucket.options());
  }

  private Map<String, String> ids() {
    Map<String, String> byId = new LinkedHashMap<>();
    for (String place : places) {
      String id = id(place);
      String other = byId.put(id, place);
      if (other != null) {
        throw new ParameterException(
            spec.commandLine(),
            "%s and %s have the same id, %s; serve them one by one".formatted(other, place, id));
      }
    }
    return byId;
  }

  private static String id(String place) {
    String name = place.replaceAll("/+$", "");
    if (StorePlace.of(name) instanceof StorePlace.InFileSystem files) {
      Path last = files.path().toAbsolutePath().normalize().getFileName();
      name = last == null ? "root" : last.toString();
    } else {
      name = name.substring(name.lastIndexOf('/') + 1);
    }
    return name.endsWith(SUFFIX) && name.length() > SUFFIX.length()
        ? name.substring(0, name.length() - SUFFIX.length())
        : name;
  }

  private InetSocketAddress address() throws Bams3Exception {
    try {
      return new InetSocketAddress(InetAddress.getByName(bind), port);
    } catch (UnknownHostException e) {
      throw new Bams3Exception(
          "--bind %s: is no address of this machine; use 127.0.0.1 or 0.0.0.0".formatted(bind), e);
    }
  }

  /** A signal ends the process; what is being answered gets a moment more. */
  @SuppressWarnings("InterruptedExceptionSwallowed") // interrupting is how tests end it
  private static void untilEnded(HtsgetServer server) {
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "bams3-serve-end"));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
