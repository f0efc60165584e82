package io.nfspawn.protocol;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.ControlPlaneGrpc;
import io.nfspawn.protocol.wire.DriverMessage;
import io.nfspawn.protocol.wire.Hello;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client that does what ours never does. */
final class Stranger {
  private Stranger() {}

  static String attachWithoutToken(int port) throws Exception {
    return say(port, new Metadata(), ProtocolVersion.CURRENT);
  }

  static String hello(DriverEndpoint driver, int version) throws Exception {
    var headers = new Metadata();
    headers.put(TokenGate.TOKEN, driver.token().secret());
    return say(driver.port(), headers, version);
  }

  private static String say(int port, Metadata headers, int version) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build())
            .overrideAuthority("localhost")
            .build();
    try {
      var answer = new CompletableFuture<String>();
      StreamObserver<AgentMessage> out =
          ControlPlaneGrpc.newStub(
                  ClientInterceptors.intercept(
                      channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
              .attach(
                  new StreamObserver<DriverMessage>() {
                    @Override
                    public void onNext(DriverMessage message) {
                      answer.complete(message.getRefusal().getReason());
                    }

                    @Override
                    public void onError(Throwable failure) {
                      Status status = Status.fromThrowable(failure);
                      answer.complete(status.getCode() + ": " + status.getDescription());
                    }

                    @Override
                    public void onCompleted() {
                      answer.complete("completed");
                    }
                  });
      out.onNext(
          AgentMessage.newBuilder()
              .setHello(Hello.newBuilder().setProtocolVersion(version).setInstanceId("x"))
              .build());
      return answer.get(20, TimeUnit.SECONDS);
    } finally {
      channel.shutdownNow();
    }
  }
}
