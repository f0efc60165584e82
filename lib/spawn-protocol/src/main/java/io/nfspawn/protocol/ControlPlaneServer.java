package io.nfspawn.protocol;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's end of the control plane: one gRPC stream an agent over TLS 1.3, with a certificate
 * made for this run and held in memory only. Agents pin its fingerprint and present the run token;
 * who does not is refused before a message is read. Thread-safe; {@link #close()} ends every
 * stream.
 *
 * <pre>{@code
 * var settings = ControlPlaneSettings.loopback(runId, Duration.ofSeconds(30));
 * try (var server = ControlPlaneServer.start(settings, listener)) {
 *   provider.launch(request(server.address(), server.certificateSha256(), settings.token()));
 * }
 * }</pre>
 */
public final class ControlPlaneServer implements AutoCloseable {
  static {
    PureJavaNetty.choose();
  }

  private static final Logger log = LoggerFactory.getLogger(ControlPlaneServer.class);
  private static final long CLOSE_WAIT_MS = 500;

  private final ControlPlaneSettings settings;
  private final RunCertificate certificate;
  private final AttachedAgents agents;
  private final EventLoopGroup io = new NioEventLoopGroup(1, new RoleThreads("spawn-control-io"));
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(new RoleThreads("spawn-control-watch"));
  private final Server server;

  private ControlPlaneServer(ControlPlaneSettings settings, AgentListener listener)
      throws IOException {
    this.settings = settings;
    this.certificate = RunCertificate.create(settings.runId());
    this.agents = new AttachedAgents(settings, listener);
    this.server = build();
  }

  /**
   * Listens on {@link ControlPlaneSettings#bindHost()} at a free port.
   *
   * @throws IOException when the address cannot be bound
   */
  public static ControlPlaneServer start(ControlPlaneSettings settings, AgentListener listener)
      throws IOException {
    var controlPlane = new ControlPlaneServer(settings, listener);
    try {
      controlPlane.server.start();
    } catch (IOException e) {
      controlPlane.close();
      throw new IOException(
          "control plane cannot listen on %s: %s; choose an address of this machine"
              .formatted(settings.bindHost(), e.getMessage()),
          e);
    }
    long periodMs = Math.max(1, settings.heartbeat().toMillis());
    var unused =
        controlPlane.watch.scheduleWithFixedDelay(
            controlPlane.agents::expireSilent, periodMs, periodMs, TimeUnit.MILLISECONDS);
    log.info(
        "event=control.listening address={} lease={}", controlPlane.address(), settings.lease());
    return controlPlane;
  }

  private Server build() throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(settings.bindHost(), 0))
        .channelType(NioServerSocketChannel.class)
        .bossEventLoopGroup(io)
        .workerEventLoopGroup(io)
        // No listener blocks, and a thread of their own would cost every message two switches.
        .directExecutor()
        // A fixed window: gRPC measures the link with a ping a message to choose one.
        .flowControlWindow(NettyServerBuilder.DEFAULT_FLOW_CONTROL_WINDOW)
        .sslContext(ControlPlaneTls.server(certificate))
        .addService(ServerInterceptors.intercept(agents, new TokenGate(settings.token())))
        .build();
  }

  /** Where agents dial. */
  public InetSocketAddress address() {
    return new InetSocketAddress(settings.bindHost(), server.getPort());
  }

  /** SHA-256 of the certificate (DER), 64 lower-case hex digits; agents pin it. */
  public String certificateSha256() {
    return certificate.sha256();
  }

  public RunToken token() {
    return settings.token();
  }

  /** Declares agents lost whose heartbeats stopped; runs by itself, tests step it. */
  void expireSilent() {
    agents.expireSilent();
  }

  /** Stops listening and breaks all streams; agents then end by themselves. Idempotent. */
  @Override
  public void close() {
    agents.close();
    server.shutdownNow();
    watch.shutdownNow();
    try {
      server.awaitTermination(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var unused = io.shutdownGracefully(0, CLOSE_WAIT_MS, TimeUnit.MILLISECONDS);
  }
}
