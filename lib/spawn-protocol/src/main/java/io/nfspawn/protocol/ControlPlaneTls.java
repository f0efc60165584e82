package io.nfspawn.protocol;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2SecurityUtil;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * TLS 1.3 for both ends, by the JDK's own implementation: no native library to unpack, and ALPN is
 * in every JDK from 17. Built from key and trust themselves: Netty's builder would put the key into
 * a key store behind a password, take it out again and probe for providers: 0.15 s of CPU at the
 * start of a driver.
 */
final class ControlPlaneTls {
  private static final String VERSION = "TLSv1.3";
  private static final ApplicationProtocolConfig HTTP_2 =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          "h2");

  private ControlPlaneTls() {}

  /** Shows the certificate to whoever dials; asks for none. */
  static SslContext server(RunCertificate certificate) throws IOException {
    return context(false, new KeyManager[] {new OneKey(certificate)}, new TrustManager[0]);
  }

  /**
   * Accepts what {@code trusted} accepts. Netty looks at the JDK's TLS by a context of its own,
   * which trusts and so parses all public authorities: certificates that an agent never meets. A
   * driver leaves them alone, other parts of Nextflow may be dialling just then.
   */
  static SslContext client(PinnedCertificate trusted) throws IOException {
    try (var brief = new BriefProperty("javax.net.ssl.trustStore", "NONE")) {
      return context(true, new KeyManager[0], new TrustManager[] {trusted});
    }
  }

  private static SslContext context(boolean client, KeyManager[] keys, TrustManager[] trusted)
      throws IOException {
    try {
      SSLContext jdk = SSLContext.getInstance(VERSION);
      jdk.init(keys, trusted, null);
      return new JdkSslContext(
          jdk,
          client,
          Http2SecurityUtil.CIPHERS,
          SupportedCipherSuiteFilter.INSTANCE,
          HTTP_2,
          ClientAuth.NONE,
          new String[] {VERSION},
          false);
    } catch (GeneralSecurityException e) {
      throw new IOException("this JVM cannot speak %s: %s".formatted(VERSION, e.getMessage()), e);
    }
  }
}
