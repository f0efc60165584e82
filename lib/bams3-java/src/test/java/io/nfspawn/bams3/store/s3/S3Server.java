package io.nfspawn.bams3.store.s3;

import io.nfspawn.bams3.store.S3Options;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * A real S3 server as a process of its own, started by the first test that needs it and ended with
 * this one: its shell ends it when our end of its standard input closes, however that comes.
 */
public final class S3Server {
  /** The bucket that every server has. */
  public static final String BUCKET = "datasets";

  private static final Path CLASS_PATH = Path.of("target", "s3-servers.classpath");
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private final URI endpoint;

  private S3Server(URI endpoint) {
    this.endpoint = endpoint;
    try (S3AsyncClient client = S3Clients.of(options())) {
      client.createBucket(request -> request.bucket(BUCKET)).join();
    }
  }

  private static final class Proxy {
    static final S3Server STARTED =
        start(
            "127\\.0\\.0\\.1:(\\d+)",
            "org.gaul.s3proxy.Main",
            "--properties",
            properties().toString());

    private static Path properties() {
      try {
        Path file = Files.createTempFile("s3proxy", ".properties");
        file.toFile().deleteOnExit();
        return Files.writeString(
            file,
            """
            s3proxy.authorization=none
            s3proxy.endpoint=http://127.0.0.1:0
            jclouds.provider=transient-nio2
            jclouds.identity=any
            jclouds.credential=any
            """);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Mock {
    static final S3Server STARTED =
        start(
            "Tomcat started on ports \\d+ \\(https\\), (\\d+) \\(http\\)",
            "com.adobe.testing.s3mock.S3MockApplication",
            "--server.port=0",
            "--com.adobe.testing.s3mock.httpPort=0");
  }

  public static S3Server s3Proxy() {
    return Proxy.STARTED;
  }

  static S3Server s3Mock() {
    return Mock.STARTED;
  }

  URI endpoint() {
    return endpoint;
  }

  /** Options of clients of this server: no credentials, small parts. */
  public S3Options options() {
    return options(endpoint);
  }

  static S3Options options(URI endpoint) {
    return S3Options.DEFAULT.withEndpoint(endpoint).withAnonymous(true);
  }

  /** A prefix that no other test has. */
  public static String newPrefix() {
    return "test-" + ProcessHandle.current().pid() + "/" + PREFIXES.incrementAndGet();
  }

  private static S3Server start(String portPattern, String... program) {
    try {
      List<String> command = new ArrayList<>(List.of("bash", "-c"));
      command.add("\"$@\" <&- & server=$!; cat; kill -9 $server");
      command.add("s3-server");
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
      command.addAll(List.of("-cp", Files.readString(CLASS_PATH).strip()));
      command.addAll(List.of(program));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .directory(new File(System.getProperty("java.io.tmpdir")))
              .start();
      return new S3Server(URI.create("http://127.0.0.1:" + port(process, portPattern)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String port(Process process, String pattern) throws IOException {
    BufferedReader log =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder read = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      Matcher matcher = Pattern.compile(pattern).matcher(line);
      if (matcher.find() && !matcher.group(1).equals("0")) {
        drain(log);
        return matcher.group(1);
      }
      read.append(line).append('\n');
    }
    throw new AssertionError("the server ended before it listened:\n" + read);
  }

  private static void drain(BufferedReader log) {
    Thread thread =
        new Thread(
            () -> {
              try (log) {
                while (log.readLine() != null) {
                  // a full pipe would stop the server
                }
              } catch (IOException e) {
                // the server has ended
              }
            },
            "s3-server-log");
    thread.setDaemon(true);
    thread.start();
  }
}
