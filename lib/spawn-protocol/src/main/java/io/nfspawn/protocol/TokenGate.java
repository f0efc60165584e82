package io.nfspawn.protocol;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets only calls through that carry the run token; others end before a message is read. */
final class TokenGate implements ServerInterceptor {
  static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("spawn-run-token", Metadata.ASCII_STRING_MARSHALLER);

  /** Where the current call comes from, for log lines. */
  static final Context.Key<String> REMOTE = Context.keyWithDefault("remote", "unknown");

  private static final Logger log = LoggerFactory.getLogger(TokenGate.class);

  private final RunToken token;

  TokenGate(RunToken token) {
    this.token = token;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String presented = headers.get(TOKEN);
    if (token.matches(presented)) {
      return Contexts.interceptCall(
          Context.current().withValue(REMOTE, remote(call)), call, headers, next);
    }
    String reason = presented == null ? "no run token" : "wrong run token";
    log.warn("event=agent.refused remote={} reason=\"{}\"", remote(call), reason);
    call.close(Status.UNAUTHENTICATED.withDescription(reason), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static String remote(ServerCall<?, ?> call) {
    Object address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    String text = String.valueOf(address);
    return text.startsWith("/") ? text.substring(1) : text;
  }
}
