package io.nfspawn.protocol;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.ControlPlaneGrpc;
import io.nfspawn.protocol.wire.DriverMessage;
import io.nfspawn.protocol.wire.Hello;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * An agent's end of the control plane: one stream to one driver, whose certificate must have the
 * pinned fingerprint. A stream that broke is not mended: the driver then counts the agent as lost.
 * Thread-safe.
 */
public final class ControlPlaneClient implements AutoCloseable {
  static {
    PureJavaNetty.choose();
  }

  private static final long CLOSE_WAIT_MS = 1000;

  private final EventLoopGroup io = new NioEventLoopGroup(1, new RoleThreads("agent-control-io"));
  private final ManagedChannel channel;
  private final StreamObserver<AgentMessage> out;
  private boolean open = true;

  private ControlPlaneClient(DriverEndpoint driver, DriverListener listener) throws IOException {
    channel =
        NettyChannelBuilder.forAddress(driver.host(), driver.port())
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(io)
            .directExecutor()
            .proxyDetector(address -> null)
            .disableRetry()
            .flowControlWindow(NettyChannelBuilder.DEFAULT_FLOW_CONTROL_WINDOW) // as the driver's
            .sslContext(ControlPlaneTls.client(new PinnedCertificate(driver.certificateSha256())))
            .build();
    var headers = new Metadata();
    headers.put(TokenGate.TOKEN, driver.token().secret());
    out =
        ControlPlaneGrpc.newStub(
                ClientInterceptors.intercept(
                    channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
            .attach(new Incoming(driver, listener));
  }

  /**
   * Dials the driver and says hello; the answer arrives at the listener as a welcome, or the stream
   * ends with the reason.
   *
   * @param hello who the agent is; the protocol version is filled in here
   * @throws IOException when TLS cannot be set up in this JVM
   */
  public static ControlPlaneClient connect(
      DriverEndpoint driver, Hello hello, DriverListener listener) throws IOException {
    var client = new ControlPlaneClient(driver, listener);
    Hello versioned = hello.toBuilder().setProtocolVersion(ProtocolVersion.CURRENT).build();
    client.send(AgentMessage.newBuilder().setHello(versioned).build());
    return client;
  }

  /** Queues a message; after the stream's end it is dropped. */
  public synchronized void send(AgentMessage message) {
    if (open) {
      out.onNext(message);
    }
  }

  /** Ends the stream in order: what was sent before is delivered, as far as the driver listens. */
  @Override
  public void close() {
    synchronized (this) {
      if (open) {
        open = false;
        out.onCompleted();
      }
    }
    channel.shutdown();
    try {
      if (!channel.awaitTermination(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException e) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
    var unused = io.shutdownGracefully(0, CLOSE_WAIT_MS, TimeUnit.MILLISECONDS);
  }

  private synchronized void ended() {
    open = false;
  }

  private final class Incoming implements StreamObserver<DriverMessage> {
    private final DriverEndpoint driver;
    private final DriverListener listener;
    private boolean over;

    Incoming(DriverEndpoint driver, DriverListener listener) {
      this.driver = driver;
      this.listener = listener;
    }

    @Override
    public void onNext(DriverMessage message) {
      if (message.getKindCase() == DriverMessage.KindCase.REFUSAL) {
        end("driver at %s refused: %s".formatted(driver, message.getRefusal().getReason()));
      } else if (!over) {
        listener.message(message);
      }
    }

    @Override
    public void onError(Throwable cause) {
      Status status = Status.fromThrowable(cause);
      if (status.getCode() == Status.Code.UNAUTHENTICATED) {
        end("driver at %s refused: %s".formatted(driver, status.getDescription()));
      } else {
        end("connection to driver at %s broke: %s".formatted(driver, lastCause(cause)));
      }
    }

    @Override
    public void onCompleted() {
      end("driver at %s ended the connection".formatted(driver));
    }

    private void end(String reason) {
      if (!over) {
        over = true;
        ended();
        listener.disconnected(reason);
      }
    }

    private static String lastCause(Throwable cause) {
      Throwable last = cause;
      while (last.getCause() != null) {
        last = last.getCause();
      }
      return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }
  }
}
