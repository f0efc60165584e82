package io.nfspawn.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * The driver's self-signed certificate, made for one run and never written anywhere. Trust comes
 * from the pinned fingerprint alone, so names and dates in it decide nothing. It is encoded here
 * rather than by a library: with BouncyCastle on the class path the driver's start takes about 0.6
 * s of CPU more (docs/adr/0005-certificate-without-bouncycastle.md).
 */
record RunCertificate(PrivateKey privateKey, X509Certificate certificate) {
  /** The JDK computes a table for P-256 when it is first used: 50 ms of CPU at both ends. */
  private static final String CURVE = "secp384r1";

  private static final int SERIAL_BITS = 120;
  private static final byte[] COMMON_NAME = Der.identifier(2, 5, 4, 3);
  private static final byte[] ECDSA_WITH_SHA384 =
      Der.sequence(Der.identifier(1, 2, 840, 10045, 4, 3, 3));
  private static final Duration SKEW = Duration.ofDays(1);
  private static final Duration LIFE = Duration.ofDays(400);

  static RunCertificate create(String runId) throws IOException {
    try {
      var random = new SecureRandom();
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE), random);
      KeyPair keys = generator.generateKeyPair();
      byte[] signed = toBeSigned(runId, new BigInteger(SERIAL_BITS, random).setBit(0), keys);
      Signature signature = Signature.getInstance("SHA384withECDSA");
      signature.initSign(keys.getPrivate(), random);
      signature.update(signed);
      byte[] der = Der.sequence(signed, ECDSA_WITH_SHA384, Der.bitString(signature.sign()));
      var certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
      return new RunCertificate(keys.getPrivate(), (X509Certificate) certificate);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make the run's certificate: " + e.getMessage(), e);
    }
  }

  /** TBSCertificate of RFC 5280, section 4.1, version 1: it has no extensions. */
  private static byte[] toBeSigned(String runId, BigInteger serial, KeyPair keys) {
    byte[] name = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text("nf-spawn " + runId))));
    Instant now = Instant.now();
    return Der.sequence(
        Der.integer(serial),
        ECDSA_WITH_SHA384,
        name,
        Der.sequence(Der.time(now.minus(SKEW)), Der.time(now.plus(LIFE))),
        name,
        keys.getPublic().getEncoded());
  }

  String sha256() {
    try {
      return sha256(certificate);
    } catch (CertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fingerprint of a certificate's DER form, lower-case hex. */
  static String sha256(X509Certificate certificate) throws CertificateException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(e);
    }
  }
}
